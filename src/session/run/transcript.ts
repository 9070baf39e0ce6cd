import type { Sender } from '../../protocol/message/message-order.ts'
import type { MessageType } from '../../protocol/message/messages.ts'
import { extendTranscript } from '../../protocol/message/transcript.ts'
import type { Exchange } from '../ports/session-summary.ts'

/** As the audit names the two sides. */
const AUDIT_NAMES = { inviter: 'initiator', invitee: 'respondent' } as const

/** One frame of an exchange, as the audit has it. */
export interface SaidMessage {
  readonly from: 'initiator' | 'respondent'
  /** `null`: it was no message. */
  readonly type: MessageType | null
  /** Of the payload. */
  readonly bytes: number
  /** Of the transcript up to and with this one, 64 hex digits; the same on both sides. */
  readonly digest: string
}

/**
 * The frames of one stream, without the last word: the same on both sides, but for a frame that was still on its way
 * when the stream broke. A last word is one after which nothing may come; a side that writes down its end
 * before it speaks has not said it yet.
 */
export class Transcript {
  readonly #own: Sender
  #framesIn = 0
  #framesOut = 0
  #bytesIn = 0
  #bytesOut = 0
  /** Replaced, not added to: an array that grows keeps room for more, and most exchanges have two frames. */
  #messages: readonly SaidMessage[] = []

  constructor(own: Sender) {
    this.#own = own
  }

  /** A whole frame came, be it a message or not. */
  heard(payload: Uint8Array, type: MessageType | null): void {
    this.#framesIn += 1
    this.#bytesIn += payload.length
    this.#extend(this.#own === 'inviter' ? 'invitee' : 'inviter', payload, type)
  }

  /** A frame is about to be written. */
  said(payload: Uint8Array, type: MessageType): void {
    this.#framesOut += 1
    this.#bytesOut += payload.length
    this.#extend(this.#own, payload, type)
  }

  /** So far; undefined if nothing was said. */
  get exchange(): Exchange | undefined {
    const last = this.#messages.at(-1)
    if (last === undefined) return undefined
    return {
      framesIn: this.#framesIn,
      framesOut: this.#framesOut,
      bytesIn: this.#bytesIn,
      bytesOut: this.#bytesOut,
      digest: last.digest,
    }
  }

  /** Each frame, in order. */
  get messages(): readonly SaidMessage[] {
    return this.#messages
  }

  #extend(from: Sender, payload: Uint8Array, type: MessageType | null): void {
    const digest = extendTranscript(this.#messages.at(-1)?.digest, from, payload)
    const message: SaidMessage = { from: AUDIT_NAMES[from], type, bytes: payload.length, digest }
    this.#messages = this.#messages.concat(message)
  }
}

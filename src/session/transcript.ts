import { extendTranscript, type Speaker } from '../protocol/transcript.ts'
import type { Exchange } from './ports/session-summary.ts'

/**
 * What was said on one stream, without the last word: the same on both sides, but for a frame that was still on
 * its way when the stream broke. A last word is one after which nothing may come; a side that writes down its end
 * before it speaks has not said it yet.
 */
export class Transcript {
  readonly #own: Speaker
  #framesIn = 0
  #framesOut = 0
  #bytesIn = 0
  #bytesOut = 0
  #digest: Uint8Array | undefined

  constructor(own: Speaker) {
    this.#own = own
  }

  /** A whole frame came, be it a message or not. */
  heard(payload: Uint8Array): void {
    this.#framesIn += 1
    this.#bytesIn += payload.length
    this.#extend(this.#own === 'initiator' ? 'respondent' : 'initiator', payload)
  }

  /** A frame is about to be written. */
  said(payload: Uint8Array): void {
    this.#framesOut += 1
    this.#bytesOut += payload.length
    this.#extend(this.#own, payload)
  }

  /** So far; undefined if nothing was said. */
  get exchange(): Exchange | undefined {
    if (this.#digest === undefined) return undefined
    return {
      framesIn: this.#framesIn,
      framesOut: this.#framesOut,
      bytesIn: this.#bytesIn,
      bytesOut: this.#bytesOut,
      digest: Buffer.from(this.#digest).toString('hex'),
    }
  }

  #extend(speaker: Speaker, payload: Uint8Array): void {
    this.#digest = extendTranscript(this.#digest, speaker, payload)
  }
}

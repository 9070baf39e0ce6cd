import type { Stream } from '@libp2p/interface'
import { StreamMessageEvent } from '@libp2p/interface'
import { FrameDecoder } from '../src/protocol/frame/frame-decoder.ts'
import { encodeFrame } from '../src/protocol/frame/frame-encoder.ts'
import type { BareExchange } from './bare-exchange.ts'
import type { BareFrame } from './bare-frames.ts'
import { checkReceipt, type LightInvitation, LightMessages } from './light-messages.ts'

/** Plays an invitee that keeps nothing: what the inviter's side can do shows undisturbed. */
export class LightInvitee {
  readonly #role: LightInvitation['role']
  readonly #messages: LightMessages

  constructor(invitation: LightInvitation) {
    this.#role = invitation.role
    this.#messages = new LightMessages(invitation)
  }

  /**
   * One bootstrap on a fresh stream.
   * @param note told of every message, in order
   * @param holds says nothing more after the first answer
   * @param id the same when it is tried again
   */
  play(
    stream: Stream,
    localPeer: string,
    {
      note,
      holds = false,
      id,
    }: {
      readonly note?: (frame: BareFrame) => void
      readonly holds?: boolean
      readonly id?: string
    } = {},
  ): BareExchange {
    const done = Promise.withResolvers<void>()
    const closed = Promise.withResolvers<void>()
    const decoder = new FrameDecoder()
    let finished = false

    const send = (payload: Uint8Array): void => {
      stream.send(encodeFrame(payload))
      note?.({ from: 'invitee', bytes: payload.length })
    }
    const finish = (): void => {
      finished = true
      done.resolve()
      stream.close().catch((error: unknown) => closed.reject(error))
    }
    const take = holds ? () => done.resolve() : this.#answers(localPeer, send, finish)
    const fail = (error: unknown): void => {
      done.reject(error)
      closed.reject(error)
      stream.abort(new Error('the exchange failed'))
    }
    stream.addEventListener('message', (event) => {
      if (!(event instanceof StreamMessageEvent)) return
      try {
        for (const payload of decoder.push(event.data.subarray())) {
          note?.({ from: 'inviter', bytes: payload.length })
          take(payload)
        }
      } catch (error) {
        fail(error)
      }
    })
    stream.addEventListener('close', () => {
      if (finished) closed.resolve()
      else fail(new Error('the stream ended before the bootstrap did'))
    })
    send(this.#messages.contact(localPeer, id))
    return { done: done.promise, closed: closed.promise }
  }

  /** What to do with each message of the inviter, in turn. */
  #answers(
    localPeer: string,
    send: (payload: Uint8Array) => void,
    finish: () => void,
  ): (payload: Uint8Array) => void {
    let approved = false
    return (payload) => {
      if (approved) {
        checkReceipt(payload)
        finish()
        return
      }
      approved = true
      if (this.#role === 'stock') {
        send(this.#messages.acknowledgment(payload, localPeer))
        finish()
      } else {
        send(this.#messages.databaseResult(payload, localPeer))
      }
    }
  }
}

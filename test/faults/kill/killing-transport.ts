import { isComeNow } from '../../../src/protocol/answer/answer-line.ts'
import { decodeMessage } from '../../../src/protocol/message/message-codec.ts'
import type { Dialer } from '../../../src/session/ports/dialer.ts'
import type { Transport, TransportListener } from '../../../src/session/ports/transport.ts'
import type { KillSwitch } from './kill-switch.ts'

/** The same stream, with points where a frame arrives, around each that leaves, and around the close. */
export class KillingTransport implements Transport {
  readonly #own: Transport
  readonly #killer: KillSwitch

  constructor(own: Transport, killer: KillSwitch) {
    this.#own = own
    this.#killer = killer
  }

  get remotePeer(): string {
    return this.#own.remotePeer
  }

  get remoteAddress(): string {
    return this.#own.remoteAddress
  }

  get protocol(): '1.0.0' | undefined {
    return this.#own.protocol
  }

  get bytesIn(): number {
    return this.#own.bytesIn
  }

  get bytesOut(): number {
    return this.#own.bytesOut
  }

  listen(listener: TransportListener): void {
    this.#own.listen({
      frame: (payload) => {
        this.#killer.at(`hearing ${typeOf(payload)}`)
        listener.frame(payload)
      },
      problem: (problem) => listener.problem(problem),
      ended: () => listener.ended(),
      closed: (clean) => listener.closed(clean),
    })
  }

  send(payload: Uint8Array): Promise<void> {
    return this.#killer.around(`sending ${typeOf(payload)}`, () => this.#own.send(payload))
  }

  pause(): void {
    this.#own.pause()
  }

  resume(): void {
    this.#own.resume()
  }

  close(): Promise<void> {
    return this.#killer.around('closing', () => this.#own.close())
  }

  reset(): void {
    this.#own.reset()
  }
}

function typeOf(payload: Uint8Array): string {
  return isComeNow(payload) ? 'ComeNow' : decodeMessage(payload).type
}

/** The same dialer, with points on both sides of dialling and on the streams that come of it. */
export function killingDialer(dialer: Dialer, killer: KillSwitch): Dialer {
  return {
    localPeer: dialer.localPeer,
    dial: async (...given) =>
      new KillingTransport(await killer.around('dialling', () => dialer.dial(...given)), killer),
  }
}

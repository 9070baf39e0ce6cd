import { TransportClosedError } from '../../src/session/errors.ts'
import type { Clock, Timer } from '../../src/session/ports/clock.ts'
import type { Transport, TransportListener } from '../../src/session/ports/transport.ts'

/** How long a half-closed stream waits for the other side, ms. */
const CLOSE_GRACE_MS = 1_000

/** What may happen to one frame on its way. */
export type FrameFate = 'deliver' | 'drop' | 'cut'

/** What a test does to a stream. */
export interface WireFaults {
  /** Decides over each frame, by the side that sent it. */
  fate?(from: 'dialer' | 'listener', payload: Uint8Array, nth: number): FrameFate
  /** Every send waits for this: back-pressure, or a peer that does not read. */
  gate?(from: 'dialer' | 'listener', nth: number): Promise<void> | undefined
}

type Notice =
  | { readonly kind: 'frame'; readonly payload: Uint8Array }
  | { readonly kind: 'ended' }
  | { readonly kind: 'closed'; readonly clean: boolean }

/** One side of a stream in memory. Everything arrives in order, in a later turn of the event loop. */
export class MemoryTransport implements Transport {
  readonly remotePeer: string
  readonly remoteAddress: string
  bytesIn = 0
  bytesOut = 0
  /** What this side sent, in order, whether it arrived or not. */
  readonly sent: Uint8Array[] = []
  readonly #side: 'dialer' | 'listener'
  readonly #faults: WireFaults
  readonly #clock: Clock
  readonly #inbox: Notice[] = []
  #other: MemoryTransport | undefined
  #listener: TransportListener | undefined
  #paused = false
  #scheduled = false
  #ended = false
  #otherEnded = false
  #over = false
  #grace: Timer | undefined
  readonly #gone = Promise.withResolvers<void>()

  constructor(remotePeer: string, side: 'dialer' | 'listener', clock: Clock, faults: WireFaults) {
    this.remotePeer = remotePeer
    this.remoteAddress = `/memory/${side}`
    this.#side = side
    this.#faults = faults
    this.#clock = clock
  }

  /** True once both directions are over. */
  get over(): boolean {
    return this.#over
  }

  join(other: MemoryTransport): void {
    this.#other = other
  }

  listen(listener: TransportListener): void {
    this.#listener = listener
    this.#schedule()
  }

  async send(payload: Uint8Array): Promise<void> {
    if (this.#over || this.#ended) throw new TransportClosedError()
    const nth = this.sent.push(payload)
    this.bytesOut += payload.length
    await this.#faults.gate?.(this.#side, nth)
    if (this.#over) throw new TransportClosedError()
    const fate = this.#faults.fate?.(this.#side, payload, nth) ?? 'deliver'
    if (fate === 'cut') this.reset()
    else if (fate === 'deliver') this.#other?.take({ kind: 'frame', payload })
  }

  pause(): void {
    this.#paused = true
  }

  resume(): void {
    this.#paused = false
    this.#schedule()
  }

  async close(): Promise<void> {
    if (!this.#ended && !this.#over) {
      this.#ended = true
      this.#grace = this.#clock.after(CLOSE_GRACE_MS, () => this.reset())
      this.#other?.take({ kind: 'ended' })
      this.#finish()
    }
    await this.#gone.promise
  }

  reset(): void {
    if (this.#over) return
    this.endNow(false)
    this.#other?.endNow(false)
  }

  /** Something arrives from the other side. */
  take(notice: Notice): void {
    if (this.#over) return
    this.#inbox.push(notice)
    this.#schedule()
  }

  endNow(clean: boolean): void {
    if (this.#over) return
    this.#over = true
    this.#grace?.clear()
    // What was under way is lost with an unclean end.
    if (!clean) this.#inbox.length = 0
    this.#inbox.push({ kind: 'closed', clean })
    this.#gone.resolve()
    this.#schedule()
  }

  /** Both sides have half-closed. */
  #finish(): void {
    if (!this.#ended || !this.#otherEnded) return
    this.endNow(true)
    this.#other?.endNow(true)
  }

  #schedule(): void {
    if (this.#scheduled || this.#listener === undefined) return
    this.#scheduled = true
    queueMicrotask(() => {
      this.#scheduled = false
      this.#deliver()
    })
  }

  #deliver(): void {
    while (!this.#paused) {
      const notice = this.#inbox.shift()
      if (notice === undefined) return
      this.#tell(notice)
    }
  }

  #tell(notice: Notice): void {
    const listener = this.#listener
    switch (notice.kind) {
      case 'frame':
        this.bytesIn += notice.payload.length
        listener?.frame(notice.payload)
        break
      case 'ended':
        this.#otherEnded = true
        listener?.ended()
        this.#finish()
        break
      case 'closed':
        this.#listener = undefined
        listener?.closed(notice.clean)
        break
      default:
        notice satisfies never
    }
  }
}

/** Two joined sides of one stream. */
export function memoryTransportPair(
  dialerPeer: string,
  listenerPeer: string,
  clock: Clock,
  faults: WireFaults = {},
): { readonly dialer: MemoryTransport; readonly listener: MemoryTransport } {
  const dialer = new MemoryTransport(listenerPeer, 'dialer', clock, faults)
  const listener = new MemoryTransport(dialerPeer, 'listener', clock, faults)
  dialer.join(listener)
  listener.join(dialer)
  return { dialer, listener }
}

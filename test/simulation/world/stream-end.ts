import { TransportClosedError } from '../../../src/session/errors.ts'
import type { Timer } from '../../../src/session/ports/clock.ts'
import type { Transport, TransportListener } from '../../../src/session/ports/transport.ts'
import { type Life, never } from './life.ts'

/** How long a half-closed stream waits for the other side, ms. */
const CLOSE_GRACE_MS = 2_000

/** What becomes of one frame, and when it arrives. */
export interface Passage {
  readonly fate: 'deliver' | 'cut' | 'lose' | 'half dead'
  readonly delayMs: number
  /** Until the sender hears that its bytes are gone; 0: at once. */
  readonly pressureMs: number
}

/** The wire's own mind. */
export interface Wire {
  /** A frame is sent. */
  carry(from: StreamEnd, payload: Uint8Array): Passage
  latency(): number
  /** May news of a reset get lost, as with a machine that just went away? */
  isSilent(): boolean
}

type Notice = { readonly kind: 'frame'; readonly payload: Uint8Array } | { readonly kind: 'ended' }

/** One end of a stream. Frames arrive in order or not at all; streams overtake each other. */
export class StreamEnd implements Transport {
  readonly life: Life
  readonly localPeer: string
  readonly remotePeer: string
  readonly remoteAddress: string
  readonly number: number
  bytesIn = 0
  bytesOut = 0
  other: StreamEnd | undefined
  readonly #wire: Wire
  readonly #inbox: Notice[] = []
  readonly #gone = Promise.withResolvers<void>()
  #listener: TransportListener | undefined
  #isHeld = false
  #ended = false
  #otherEnded = false
  #over = false
  /** Nothing that is sent from here arrives any more. */
  #isLost = false
  #lastArrival = 0
  #grace: Timer | undefined

  constructor(life: Life, number: number, localPeer: string, remotePeer: string, wire: Wire) {
    this.life = life
    this.number = number
    this.localPeer = localPeer
    this.remotePeer = remotePeer
    this.remoteAddress = `/sim/${number}`
    this.#wire = wire
  }

  get over(): boolean {
    return this.#over
  }

  listen(listener: TransportListener): void {
    this.#listener = listener
    if (this.#over) this.life.after(0, () => listener.closed(false))
    else this.life.after(0, () => this.#read())
  }

  async send(payload: Uint8Array): Promise<void> {
    if (!this.life.survives('before a send')) return never()
    if (this.#over || this.#ended) throw new TransportClosedError()
    this.bytesOut += payload.length
    const { fate, delayMs, pressureMs } = this.#wire.carry(this, payload)
    if (fate === 'lose') this.#isLost = true
    if (fate === 'deliver' || fate === 'cut') this.#pass({ kind: 'frame', payload }, delayMs)
    if (fate === 'cut') this.breakOff()
    if (fate === 'half dead') this.#breakHere()
    if (!this.life.survives('after a send')) return never()
    if (pressureMs > 0) await this.life.sleep(pressureMs)
    if (this.#over) throw new TransportClosedError()
  }

  pause(): void {
    this.#isHeld = true
  }

  resume(): void {
    this.#isHeld = false
    this.life.after(0, () => this.#read())
  }

  async close(): Promise<void> {
    if (!this.life.alive) return never()
    if (!this.#ended && !this.#over) {
      this.#ended = true
      this.#grace = this.life.after(CLOSE_GRACE_MS, () => this.reset())
      this.#pass({ kind: 'ended' }, this.#wire.latency())
      this.#finish()
    }
    await this.#gone.promise
  }

  reset(): void {
    if (this.#over || !this.life.alive) return
    this.#breakThere()
    this.#end(false)
  }

  /** The connection is gone, for both, each in its own time. */
  breakOff(): void {
    this.#breakHere()
    this.#breakThere()
  }

  /** The machine at this end is gone. */
  abandon(): void {
    this.#over = true
    if (!this.#wire.isSilent()) this.#breakThere()
    this.#isLost = true
  }

  #breakHere(): void {
    this.life.after(this.#wire.latency(), () => this.#end(false))
  }

  #breakThere(): void {
    const { other } = this
    if (other === undefined || this.#isLost) return
    other.life.after(this.#wire.latency(), () => other.#end(false))
  }

  #pass(notice: Notice, delayMs: number): void {
    const { other } = this
    if (other === undefined || this.#isLost) return
    const { now } = this.life.timeline
    this.#lastArrival = Math.max(this.#lastArrival, now + delayMs)
    other.life.after(this.#lastArrival - now, () => other.#take(notice))
  }

  #take(notice: Notice): void {
    if (this.#over) return
    this.#inbox.push(notice)
    this.#read()
  }

  #read(): void {
    while (!this.#isHeld && !this.#over && this.#listener !== undefined) {
      const notice = this.#inbox.shift()
      if (notice === undefined) return
      if (notice.kind === 'frame') {
        this.bytesIn += notice.payload.length
        this.#listener.frame(notice.payload)
      } else {
        this.#otherEnded = true
        this.#listener.ended()
        this.#finish()
      }
    }
  }

  #finish(): void {
    if (this.#ended && this.#otherEnded) this.life.after(0, () => this.#end(true))
  }

  #end(clean: boolean): void {
    if (this.#over) return
    this.#over = true
    this.#grace?.clear()
    this.#gone.resolve()
    this.#listener?.closed(clean)
  }
}

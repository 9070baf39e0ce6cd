import { PeerUnreachableError, WrongPeerError } from '../../../src/session/errors.ts'
import type { Dialer } from '../../../src/session/ports/dialer.ts'
import type { Transport } from '../../../src/session/ports/transport.ts'
import type { Chaos } from '../chaos.ts'
import { type Life, never } from './life.ts'
import type { Random } from './random.ts'
import { type Passage, StreamEnd, type Wire } from './stream-end.ts'
import type { Trace } from './trace.ts'

/** A frame as an eavesdropper would keep it. */
export interface Overheard {
  readonly type: string
  readonly from: string
  readonly to: string
  readonly payload: Uint8Array
}

/** Who answers at a peer id. */
export interface Answering {
  readonly life: Life
  accept(transport: Transport): void
  /** Holds a line until it has something to say. */
  hold(transport: Transport): void
}

/** What is dialled. */
type Purpose = 'session' | 'line'

const MAX_OVERHEARD = 200

/** Every stream there is: delays and reorders between them, loses, cuts, and remembers what was said. */
export class Network implements Wire {
  readonly overheard: Overheard[] = []
  readonly #random: Random
  readonly #chaos: Chaos
  readonly #trace: Trace
  readonly #answering: (peer: string) => Answering | undefined
  readonly #nameOf: (peer: string) => string
  readonly #carried: (type: string, to: string) => void
  readonly #ends = new Set<StreamEnd>()
  #streams = 0

  constructor(init: {
    readonly random: Random
    readonly chaos: Chaos
    readonly trace: Trace
    answering(peer: string): Answering | undefined
    nameOf(peer: string): string
    /** Somebody may want to do something at that very moment. */
    carried(type: string, to: string): void
  }) {
    this.#random = init.random
    this.#chaos = init.chaos
    this.#trace = init.trace
    this.#answering = init.answering
    this.#nameOf = init.nameOf
    this.#carried = init.carried
  }

  /** Ends of living processes whose stream is not over. */
  get openEnds(): readonly StreamEnd[] {
    for (const end of this.#ends) if (end.over || !end.life.alive) this.#ends.delete(end)
    return [...this.#ends]
  }

  /** The process at these ends is dead. */
  abandon(life: Life): void {
    for (const end of this.#ends) {
      if (end.life !== life) continue
      this.#ends.delete(end)
      if (!end.over) end.abandon()
    }
  }

  dialerFor(life: Life, localPeer: string, purpose: Purpose = 'session'): Dialer {
    return {
      localPeer,
      dial: (peer, _addresses, signal) => this.#dial(life, [localPeer, peer], signal, purpose),
    }
  }

  /** Open a stream without asking anybody, as a hostile peer does. */
  open(
    life: Life,
    localPeer: string,
    peer: string,
    purpose: Purpose = 'session',
  ): StreamEnd | undefined {
    const there = this.#answering(peer)
    if (there === undefined) return undefined
    this.#streams += 1
    const mine = new StreamEnd(life, this.#streams, localPeer, peer, this)
    const theirs = new StreamEnd(there.life, this.#streams, peer, localPeer, this)
    mine.other = theirs
    theirs.other = mine
    this.#ends.add(mine)
    this.#ends.add(theirs)
    there.life.after(this.latency(), () =>
      purpose === 'line' ? there.hold(theirs) : there.accept(theirs),
    )
    return mine
  }

  carry(from: StreamEnd, payload: Uint8Array): Passage {
    const type = typeOf(payload)
    const { localPeer, remotePeer } = from
    const drawn = this.#chaos.frame(type)
    this.#trace.say(() => {
      const how = drawn === 'deliver' ? '' : `  [${drawn}]`
      const way = `${this.#nameOf(localPeer)} → ${this.#nameOf(remotePeer)}`
      return `stream ${from.number}: ${way}: ${brief(type, payload)}${how}`
    })
    this.overheard.push({ type, from: localPeer, to: remotePeer, payload })
    if (this.overheard.length > MAX_OVERHEARD) this.overheard.shift()
    this.#carried(type, remotePeer)
    const delayMs = drawn === 'slow' ? this.#random.between(500, 20_000) : this.latency()
    const pressureMs = this.#random.chance(0.5) ? 0 : this.#random.between(0, 30)
    return { fate: drawn === 'slow' ? 'deliver' : drawn, delayMs, pressureMs }
  }

  latency(): number {
    return this.#random.between(0.1, this.#random.chance(0.1) ? 400 : 20)
  }

  isSilent(): boolean {
    return this.#chaos.raging && this.#random.chance(0.2)
  }

  #dial(
    life: Life,
    [localPeer, peer]: readonly [string, string],
    signal: AbortSignal,
    purpose: Purpose,
  ): Promise<Transport> {
    if (!life.survives('before a dial')) return never()
    const fate = this.#chaos.dial()
    return new Promise((resolve, reject) => {
      if (signal.aborted) return reject(signal.reason)
      signal.addEventListener('abort', () => reject(signal.reason))
      if (fate === 'hangs') return undefined
      life.after(this.latency(), () => {
        if (fate === 'wrong peer') return reject(new WrongPeerError())
        const end = fate === 'well' ? this.open(life, localPeer, peer, purpose) : undefined
        // It may have come about all the same; then whoever dialled ends it, and the other side has seen it.
        if (signal.aborted) return end?.reset()
        if (end === undefined) {
          const attempts = [{ address: '/sim', problem: 'nobody answers' }]
          return reject(new PeerUnreachableError(attempts))
        }
        return resolve(end)
      })
      return undefined
    })
  }
}

const TYPE = /^\{"type":"([A-Za-z]{1,20})"/

/** What kind of message it is, as far as a glance tells. */
function typeOf(payload: Uint8Array): string {
  const head = Buffer.from(payload.buffer, payload.byteOffset, Math.min(40, payload.length))
  return TYPE.exec(head.toString('latin1'))?.[1] ?? 'garbage'
}

function brief(type: string, payload: Uint8Array): string {
  if (type === 'garbage') return `garbage (${payload.length} bytes)`
  const text = Buffer.from(payload).toString()
  const told = ['approved', 'code', 'redemptionId', 'bootstrapId', 'outcome']
    .map((name) => new RegExp(`"${name}":("[^"]*"|true|false)`).exec(text)?.[1])
    .filter((value) => value !== undefined)
  return [type, ...told].join(' ')
}

import { setTimeout as sleep } from 'node:timers/promises'
import type { Connection } from '@libp2p/interface'
import { type Multiaddr, multiaddr } from '@multiformats/multiaddr'
import type { RelayAddress } from '../address/relay-address.ts'
import type { NetworkLimits } from '../base/limits.ts'
import { RelayGoneError } from '../errors.ts'
import { keepConnection, releaseConnection } from '../guard/kept-connections.ts'
import { withinTime } from '../guard/within-time.ts'
import { reservePlace } from './ask-relay.ts'
import { signOfLife } from './sign-of-life.ts'

/** Milliseconds before the relay is asked again, the first time, then twice as long each time, and at most. */
const FIRST_PAUSE_MS = 500
const LONGEST_PAUSE_MS = 30_000

/**
 * Milliseconds after which a place is renewed at the latest, far sooner than any lapses: libp2p's own relay forgets one some
 * time after its second renewal, without a word (findings/libp2p-renewed-reservation-lapses.sh).
 */
const RENEW_MS = 30_000

/** Milliseconds between two looks at a place, at least, however soon the relay lets it lapse. */
const SHORTEST_LOOK_MS = 1_000

/** `connecting`: no attempt has ended yet. `lost`: the last one failed, or the place is gone; it is asked for again. */
export type PlaceState = 'connecting' | 'reserved' | 'lost'

export interface PlaceInit {
  readonly relay: RelayAddress
  readonly limits: Pick<
    NetworkLimits,
    'circuitDialTimeoutMs' | 'relayLookMs' | 'relaySilenceMs' | 'negotiationTimeoutMs'
  >
  /** Connects to the relay. @throws RelayUnreachableError */
  dial(relay: Multiaddr, signal: AbortSignal): Promise<Connection>
  /** Shows the relay whatever it wants to see before it gives a place. */
  enter(connection: Connection, signal: AbortSignal): Promise<void>
  /** The state has changed. */
  onChange(): void
}

/** One relay at which others reach this node: a place is asked for, kept, and asked for again whenever it is lost. */
export class KeptPlace {
  readonly relay: RelayAddress
  readonly #init: PlaceInit
  readonly #over = new AbortController()
  #state: PlaceState = 'connecting'
  #since = Date.now()
  #problem: unknown
  #connection: Connection | undefined
  #running: Promise<void> | undefined

  constructor(init: PlaceInit) {
    this.#init = init
    this.relay = init.relay
  }

  get state(): PlaceState {
    return this.#state
  }

  /** Milliseconds since the epoch. */
  get since(): number {
    return this.#since
  }

  /** The error of the last attempt; undefined while the place is held. */
  get problem(): unknown {
    return this.#problem
  }

  /** The connection by which the place is held, while there is one. */
  get connection(): Connection | undefined {
    return this.#state === 'reserved' ? this.#connection : undefined
  }

  /** Tells whether a connection is one to this relay, while there is a place. */
  isAt({ remotePeer }: Connection): boolean {
    return this.#state === 'reserved' && this.#connection?.remotePeer.equals(remotePeer) === true
  }

  start(): void {
    this.#running ??= this.#run(this.#over.signal)
  }

  async stop(): Promise<void> {
    this.#over.abort()
    await this.#running
  }

  async #run(signal: AbortSignal): Promise<void> {
    for (let failures = 0; !signal.aborted; failures += 1) {
      const began = performance.now()
      try {
        await this.#hold(signal)
      } catch (error) {
        if (signal.aborted) return
        this.#become('lost', error)
      }
      if (performance.now() - began > LONGEST_PAUSE_MS) failures = 0
      const pause = Math.min(FIRST_PAUSE_MS * 2 ** failures, LONGEST_PAUSE_MS)
      // A time of chance: those who lost the same relay do not come again together.
      await sleep(pause * (0.5 + Math.random() / 2), undefined, { signal }).catch(() => undefined)
    }
  }

  /** Takes the place and keeps it. Rejects when it is lost. */
  async #hold(signal: AbortSignal): Promise<void> {
    const { relay, limits, dial, enter } = this.#init
    const id = relay.peerId === undefined ? '' : `/p2p/${relay.peerId}`
    const target = multiaddr(`${relay.address}${id}`)
    const timeoutMs = limits.circuitDialTimeoutMs
    const connection = await withinTime(timeoutMs, signal, async (soon) => await dial(target, soon))
    this.#connection = connection
    keepConnection(connection)
    try {
      const expire = await withinTime(timeoutMs, signal, async (soon) => {
        await enter(connection, soon)
        return await reservePlace(connection, soon)
      })
      this.#become('reserved')
      await this.#keep(connection, expire, signal)
    } finally {
      this.#connection = undefined
      releaseConnection(connection)
      connection.abort(new Error('the place at this relay is over'))
    }
  }

  async #keep(connection: Connection, expire: number, signal: AbortSignal): Promise<void> {
    const { relayLookMs, relaySilenceMs } = this.#init.limits
    const closed = new AbortController()
    const close = (): void => closed.abort()
    connection.addEventListener('close', close)
    signal.addEventListener('abort', close)
    try {
      let due = renewal(expire)
      while (connection.status === 'open' && !signal.aborted) {
        const pause = Math.min(Math.max(due.afterMs, SHORTEST_LOOK_MS), relayLookMs)
        await sleep(pause, undefined, { signal: closed.signal }).catch(() => undefined)
        if (closed.signal.aborted) break
        const isDue = due.isNow()
        const answer = await withinTime(relaySilenceMs, signal, async (soon) =>
          isDue ? await reservePlace(connection, soon) : await signOfLife(connection, soon),
        )
        if (answer !== undefined) due = renewal(answer)
      }
      signal.throwIfAborted()
      throw new RelayGoneError()
    } finally {
      connection.removeEventListener('close', close)
      signal.removeEventListener('abort', close)
    }
  }

  #become(state: PlaceState, problem?: unknown): void {
    this.#problem = problem
    if (state !== this.#state) this.#since = Date.now()
    this.#state = state
    this.#init.onChange()
  }
}

/** When a place is to be renewed: after half of its time, by whichever clock says so first, since one may be wrong. */
function renewal(expire: number): { readonly afterMs: number; isNow(): boolean } {
  const now = Date.now()
  const began = performance.now()
  const left = expire * 1_000 - now
  const afterMs = left > 0 ? Math.min(left / 2, RENEW_MS) : RENEW_MS
  return {
    afterMs,
    isNow: () => Date.now() >= now + afterMs || performance.now() >= began + afterMs,
  }
}

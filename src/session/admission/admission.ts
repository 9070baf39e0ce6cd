import { addressKey, relayKey } from '../../protocol/link/address-key.ts'
import type { BreakerSnapshot } from '../host/circuit-breaker.ts'
import type { Clock } from '../ports/clock.ts'
import type { SharedLimits } from '../ports/shared-limits.ts'
import { type AdmissionLimits, RESERVED_SHARE } from './admission-limits.ts'
import type { AdmissionSnapshot } from './admission-snapshot.ts'
import type { PeerLimits } from './peer-limits.ts'
import { type Charge, type RateLimitKeys, RateLimits } from './rate-limits.ts'
import type { RefusalCause } from './refusals.ts'
import { RetryAfter } from './retry-after.ts'
import { usedUpBy } from './used-up-by.ts'

/** A refusal, and when to ask again. */
export interface Refused {
  readonly cause: RefusalCause
  readonly retryAfterMs?: number
}

/** The surroundings in which a peer asks for a session. */
export interface Surroundings {
  /** Sessions under way. */
  sessions(): number
  /** True if something is under way with this peer, or an answer to it is not acknowledged; see `favoursHolders`. */
  readonly isHolder: boolean
  /** Ends a session that only waits for its peer. @returns false if there is none */
  makeRoom(): boolean
}

export interface AdmissionParts {
  /** True while the disk does not answer. @default never */
  isStalled?(): boolean
  /** Tells other nodes of the party what peers have used up here. @default it is the only one */
  readonly shared?: SharedLimits | undefined
}

/** Decides whether a session may begin, before it costs anything. */
export class Admission {
  readonly #clock: Pick<Clock, 'monotonic'>
  readonly #isStalled: () => boolean
  readonly #shared: SharedLimits | undefined
  readonly #rates: RateLimits
  readonly #retryAfter = new RetryAfter()
  readonly #perPeer = new Map<string, number>()
  readonly #refused: Record<RefusalCause, number> = {
    sessions: 0,
    kept: 0,
    peer_sessions: 0,
    peer_rate: 0,
    address_rate: 0,
    total_rate: 0,
    bad_secrets: 0,
    breaker: 0,
    disk: 0,
    draining: 0,
    denied: 0,
  }
  #limits: AdmissionLimits
  #admitted = 0
  #closed = false
  #suspended = false

  constructor(
    limits: AdmissionLimits,
    clock: Pick<Clock, 'monotonic'>,
    { isStalled = () => false, shared }: AdmissionParts = {},
  ) {
    this.#isStalled = isStalled
    this.#shared = shared
    shared?.onUsedElsewhere((all) => {
      const mono = clock.monotonic()
      for (const each of all) this.#rates.usedElsewhere(each, mono)
    })
    this.#limits = limits
    this.#clock = clock
    this.#rates = new RateLimits(limits)
  }

  get closed(): boolean {
    return this.#closed
  }

  /** Refuses everybody from now on. */
  close(): void {
    this.#closed = true
  }

  /** Refuses everybody while the disk takes nothing of what a session writes. */
  suspend(isSuspended: boolean): void {
    this.#suspended = isSuspended
  }

  /** Takes changed limits up, from the next call on. */
  apply(limits: AdmissionLimits): void {
    this.#limits = limits
    this.#rates.apply(limits)
  }

  /** Counts a peer that is turned away whatever room there is. */
  deny(): Refused {
    return this.#refuse({ cause: 'denied' })
  }

  /** Admits a session that this node dials. @returns the refusal, if there is no room */
  room(sessions: number): Refused | undefined {
    if (this.#closed) return this.#refuse({ cause: 'draining' })
    if (this.#takesNothing) return this.#refuse({ cause: 'disk' })
    const isFull = sessions >= this.#limits.maxConcurrentSessions
    return isFull ? this.#refuse({ cause: 'sessions' }) : undefined
  }

  /** True if it may matter to the next `admit` whether the peer holds a reservation: there is too little for everybody. */
  favoursHolders(keys: RateLimitKeys, sessions: number): boolean {
    const { maxConcurrentSessions: max } = this.#limits
    return sessions >= max - kept(max) || this.#rates.isShort(keys, this.#clock.monotonic())
  }

  /**
   * Admits a peer's session; then `ended` must be called when that is over.
   * @returns the refusal, if it may not begin
   */
  admit(keys: RateLimitKeys, around: Surroundings): Refused | undefined {
    const { maxSessionsPerPeer } = this.#limits
    if (this.#closed) return this.#refuse({ cause: 'draining' })
    if (this.#takesNothing) return this.#refuse({ cause: 'disk' })
    if ((this.#perPeer.get(keys.peerId) ?? 0) >= maxSessionsPerPeer)
      return this.#refuse({ cause: 'peer_sessions' })
    const limited = this.#rates.take(keys, this.#clock.monotonic(), around.isHolder)
    if (limited !== undefined) return this.#refuse(limited)
    const cause = this.#whyFull(around)
    if (cause !== undefined && !around.makeRoom()) {
      this.#rates.settle(keys, 'nothing', this.#clock.monotonic())
      return this.#refuse({
        cause,
        retryAfterMs: this.#retryAfter.refused(this.#clock.monotonic()),
      })
    }
    this.#perPeer.set(keys.peerId, (this.#perPeer.get(keys.peerId) ?? 0) + 1)
    this.#admitted += 1
    return undefined
  }

  /** Settles an admitted session that is over. */
  ended(keys: RateLimitKeys, charge: Charge): void {
    const left = (this.#perPeer.get(keys.peerId) ?? 1) - 1
    if (left > 0) this.#perPeer.set(keys.peerId, left)
    else this.#perPeer.delete(keys.peerId)
    this.#rates.settle(keys, charge, this.#clock.monotonic())
    this.#shared?.used(usedUpBy(keys, charge))
  }

  /** Tells what a peer may still do here. */
  peerLimits(peerId: string): PeerLimits {
    const inUse = this.#perPeer.get(peerId) ?? 0
    const sessions = { inUse, max: this.#limits.maxSessionsPerPeer }
    return { sessions, ...this.#rates.ofPeer(peerId, this.#clock.monotonic()) }
  }

  /** Lets a peer begin anew: as if it had not come yet. Its sessions go on. */
  resetPeer(peerId: string): void {
    this.#rates.resetPeer(peerId)
  }

  snapshot(sessions: number, breaker: BreakerSnapshot): AdmissionSnapshot {
    const { maxConcurrentSessions: max } = this.#limits
    let busiestPeer = 0
    for (const count of this.#perPeer.values()) busiestPeer = Math.max(busiestPeer, count)
    return {
      draining: this.#closed,
      limits: this.#limits,
      sessions: { inUse: sessions, max, kept: kept(max), peers: this.#perPeer.size, busiestPeer },
      buckets: this.#rates.inUse(this.#clock.monotonic()),
      breaker,
      admitted: this.#admitted,
      refused: { ...this.#refused, breaker: breaker.turnedAway },
    }
  }

  get #takesNothing(): boolean {
    return this.#suspended || this.#isStalled()
  }

  #refuse(refused: Refused): Refused {
    this.#refused[refused.cause] += 1
    return refused
  }

  #whyFull({ sessions, isHolder }: Surroundings): RefusalCause | undefined {
    const { maxConcurrentSessions: max } = this.#limits
    const now = sessions()
    if (now >= max) return 'sessions'
    return now >= max - kept(max) && !isHolder ? 'kept' : undefined
  }
}

function kept(max: number): number {
  return Math.floor(max * RESERVED_SHARE)
}

/** The keys of a peer at a multiaddr. */
export function rateLimitKeys(peerId: string, remoteAddress: string): RateLimitKeys {
  return { peerId, address: addressKey(remoteAddress), relay: relayKey(remoteAddress) }
}

import { addressKey } from '../../protocol/link/address-key.ts'
import type { BreakerSnapshot } from '../host/circuit-breaker.ts'
import type { Clock } from '../ports/clock.ts'
import type { AdmissionLimits, AdmissionSnapshot } from './admission-snapshot.ts'
import { Crowd } from './crowd.ts'
import { type Caller, type Charge, RateLimits } from './rate-limits.ts'
import type { RefusalCause } from './refusals.ts'

/** Of all sessions at once, the part that only peers with a reservation may take: who resumes is not shut out by newcomers. */
const KEPT_SHARE = 0.1

/** Why not, and when to ask again. */
export interface Refused {
  readonly cause: RefusalCause
  readonly retryAfterMs?: number
}

/** What admission asks, and only when it matters. */
export interface Surroundings {
  /** Sessions under way. */
  sessions(): number
  /** Something is under way with this peer, or an answer to it not acknowledged. */
  holdsReservation(): boolean
  /** End a session that only waits for its peer. @returns false if there is none */
  makeRoom(): boolean
}

/** Who may begin a session: asked before the session costs anything. */
export class Admission {
  readonly #clock: Pick<Clock, 'monotonic'>
  readonly #rates: RateLimits
  readonly #crowd = new Crowd()
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
  }
  #limits: AdmissionLimits
  #admitted = 0
  #closed = false
  #suspended = false

  constructor(limits: AdmissionLimits, clock: Pick<Clock, 'monotonic'>) {
    this.#limits = limits
    this.#clock = clock
    this.#rates = new RateLimits(limits)
  }

  get closed(): boolean {
    return this.#closed
  }

  /** From now on nobody. */
  close(): void {
    this.#closed = true
  }

  /** Nobody while there is no room for what they would leave behind. */
  suspend(isSuspended: boolean): void {
    this.#suspended = isSuspended
  }

  /** Counts from the next caller on. */
  apply(limits: AdmissionLimits): void {
    this.#limits = limits
    this.#rates.apply(limits)
  }

  /** Is there room for a session of this node's own? */
  room(sessions: number): Refused | undefined {
    if (this.#closed) return this.#refuse({ cause: 'draining' })
    if (this.#suspended) return this.#refuse({ cause: 'disk' })
    const isFull = sessions >= this.#limits.maxConcurrentSessions
    return isFull ? this.#refuse({ cause: 'sessions' }) : undefined
  }

  /**
   * May this caller begin one? If so, `ended` must be called when it is over.
   */
  admit(caller: Caller, around: Surroundings): Refused | undefined {
    const { maxSessionsPerPeer } = this.#limits
    if (this.#closed) return this.#refuse({ cause: 'draining' })
    if (this.#suspended) return this.#refuse({ cause: 'disk' })
    if ((this.#perPeer.get(caller.peerId) ?? 0) >= maxSessionsPerPeer)
      return this.#refuse({ cause: 'peer_sessions' })
    const limited = this.#rates.take(caller, this.#clock.monotonic(), around.holdsReservation)
    if (limited !== undefined) return this.#refuse(limited)
    const cause = this.#whyFull(around)
    if (cause !== undefined && !around.makeRoom()) {
      this.#rates.settle(caller, 'nothing', this.#clock.monotonic())
      return this.#refuse({ cause, retryAfterMs: this.#crowd.refused(this.#clock.monotonic()) })
    }
    this.#perPeer.set(caller.peerId, (this.#perPeer.get(caller.peerId) ?? 0) + 1)
    this.#admitted += 1
    return undefined
  }

  /** A session that was admitted is over, and this is what it was. */
  ended(caller: Caller, charge: Charge): void {
    const left = (this.#perPeer.get(caller.peerId) ?? 1) - 1
    if (left > 0) this.#perPeer.set(caller.peerId, left)
    else this.#perPeer.delete(caller.peerId)
    this.#rates.settle(caller, charge, this.#clock.monotonic())
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

  #refuse(refused: Refused): Refused {
    this.#refused[refused.cause] += 1
    return refused
  }

  #whyFull({ sessions, holdsReservation }: Surroundings): RefusalCause | undefined {
    const { maxConcurrentSessions: max } = this.#limits
    const now = sessions()
    if (now >= max) return 'sessions'
    return now >= max - kept(max) && !holdsReservation() ? 'kept' : undefined
  }
}

function kept(max: number): number {
  return Math.floor(max * KEPT_SHARE)
}

/** Who comes, as admission sees it. */
export function callerOf(peerId: string, remoteAddress: string): Caller {
  return { peerId, address: addressKey(remoteAddress) }
}

import type { Clock } from '../ports/clock.ts'
import { addressKey } from './address-key.ts'
import type { AdmissionLimits, AdmissionSnapshot } from './admission-snapshot.ts'
import type { BreakerSnapshot } from './circuit-breaker.ts'
import { type Caller, type Charge, RateLimits } from './rate-limits.ts'
import type { RefusalCause } from './refusals.ts'

/** Of all sessions at once, the part that only peers with a reservation may take: who resumes is not shut out by newcomers. */
const KEPT_SHARE = 0.1

/** Why not, and when to ask again. */
export interface Refused {
  readonly cause: RefusalCause
  readonly retryAfterMs?: number
}

/** Who may begin a session: asked before the session costs anything. */
export class Admission {
  readonly #clock: Pick<Clock, 'monotonic'>
  readonly #rates: RateLimits
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
    draining: 0,
  }
  #limits: AdmissionLimits
  #admitted = 0
  #closed = false

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

  /** Counts from the next caller on. */
  apply(limits: AdmissionLimits): void {
    this.#limits = limits
    this.#rates.apply(limits)
  }

  /** Is there room for a session of this node's own? */
  room(sessions: number): Refused | undefined {
    const cause = this.#noRoom(sessions, this.#limits.maxConcurrentSessions)
    return cause === undefined ? undefined : this.#refuse({ cause })
  }

  /**
   * May this caller begin one? If so, `ended` must be called when it is over.
   * @param sessions under way
   * @param holdsReservation asked only when it matters
   */
  admit(caller: Caller, sessions: number, holdsReservation: () => boolean): Refused | undefined {
    const { maxConcurrentSessions: max, maxSessionsPerPeer } = this.#limits
    const full = this.#noRoom(sessions, max)
    if (full !== undefined) return this.#refuse({ cause: full })
    const own = this.#perPeer.get(caller.peerId) ?? 0
    if (own >= maxSessionsPerPeer) return this.#refuse({ cause: 'peer_sessions' })
    if (sessions >= max - kept(max) && !holdsReservation()) return this.#refuse({ cause: 'kept' })
    const limited = this.#rates.take(caller, this.#clock.monotonic(), holdsReservation)
    if (limited !== undefined) return this.#refuse(limited)
    this.#perPeer.set(caller.peerId, own + 1)
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

  #refuse(refused: Refused): Refused {
    this.#refused[refused.cause] += 1
    return refused
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

  #noRoom(sessions: number, max: number): 'draining' | 'sessions' | undefined {
    if (this.#closed) return 'draining'
    return sessions < max ? undefined : 'sessions'
  }
}

function kept(max: number): number {
  return Math.floor(max * KEPT_SHARE)
}

/** Who comes, as admission sees it. */
export function callerOf(peerId: string, remoteAddress: string): Caller {
  return { peerId, address: addressKey(remoteAddress) }
}

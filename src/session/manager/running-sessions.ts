import type { RateLimitKeys } from '../admission/rate-limits.ts'
import type { DialerSession } from '../dialer/dialer-session.ts'
import type { ListenerSession } from '../listener/listener-session.ts'
import type { Denial } from '../machine/listener-event.ts'
import type { Clock } from '../ports/clock.ts'
import { IDLE, type LiveSession, liveSession } from '../reaper/reap-idle.ts'
import type { SessionCounts } from '../trace/session-events.ts'

/**
 * How long a peer may hold a place without saying what it wants, when places are short, ms: more than a round trip
 * round the world, and more than this process may be late itself.
 */
const IDLE_MS = 1_000

/** How many sessions are looked at, the oldest first: idle ones grow old. */
const MAX_LOOKED = 256

/** The sessions that are under way, on both sides. */
export class RunningSessions {
  /** Each with what its peer is counted by. */
  readonly listeners = new Map<ListenerSession, RateLimitKeys>()
  readonly dialers = new Set<DialerSession>()
  /** The ids of all of them. */
  readonly ids = new Set<string>()
  /** The ids of sessions that hold no place any more, and of which it is not known what is on the disk. */
  readonly inDoubt = new Set<string>()
  readonly #clock: Clock
  #waiting: (() => void)[] = []

  constructor(clock: Clock) {
    this.#clock = clock
  }

  get counts(): SessionCounts {
    const listener = this.listeners.size
    const dialer = this.dialers.size
    return { listener, dialer, total: listener + dialer }
  }

  /** Wakes those that wait: a session was removed. */
  oneIsOver(): void {
    for (const resolve of this.#waiting.splice(0)) resolve()
  }

  /** Ends one, telling its peer why. @returns false if there is none of that id */
  cancel(sessionId: string, denial: Denial): boolean {
    const listener = [...this.listeners.keys()].find((each) => each.sessionId === sessionId)
    const dialer = [...this.dialers].find((each) => each.sessionId === sessionId)
    listener?.cancel(denial)
    dialer?.cancel(denial.reason)
    return listener !== undefined || dialer !== undefined
  }

  /** Each as it is at the moment. */
  looks(): readonly LiveSession[] {
    return [...this.listeners.keys(), ...this.dialers].map((each) => {
      const look = each.look()
      return liveSession(look, () => void this.cancel(look.summary.id, IDLE))
    })
  }

  /**
   * Ends the oldest session whose peer has said nothing for a while. An honest peer says what it wants at once; one that
   * only holds a place must not keep others out.
   * @returns false if there is none
   */
  endIdle(denial: Denial): boolean {
    let looked = 0
    for (const session of this.listeners.keys()) {
      if (session.idleMs >= IDLE_MS) {
        session.cancel(denial)
        return true
      }
      looked += 1
      if (looked === MAX_LOOKED) return false
    }
    return false
  }

  /** Resolves when none is left, or after `ms`. */
  async quiet(ms: number): Promise<void> {
    const until = this.#clock.monotonic() + ms
    while (this.counts.total > 0 && this.#clock.monotonic() < until) {
      await this.#next(until - this.#clock.monotonic())
    }
  }

  #next(ms: number): Promise<void> {
    const { promise, resolve } = Promise.withResolvers<void>()
    const timer = this.#clock.after(ms, resolve)
    this.#waiting.push(resolve)
    return promise.finally(() => timer.clear())
  }
}

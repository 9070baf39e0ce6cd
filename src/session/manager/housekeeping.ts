import type { ForwardOnlyClock } from '../clock/forward-only-clock.ts'
import type { TimeKeepingStore } from '../clock/time-keeping-store.ts'
import type { SessionConfig } from '../config/session-config.ts'
import type { Timer } from '../ports/clock.ts'
import type { FailedCommits } from '../recovery/failed-commits.ts'
import { type DatabaseRemovalPorts, settleRemovals } from '../upkeep/database-removals.ts'
import { type EndRequestsPorts, endRequests } from '../upkeep/end-requests.ts'
import { pruneHistory } from '../upkeep/prune-history.ts'
import { recordExpiredTokens } from '../upkeep/record-expired-tokens.ts'
import { releaseLapsedReservations } from '../upkeep/release-lapsed-reservations.ts'
import { storeHighestTime } from '../upkeep/store-highest-time.ts'
import { settleNotices, type UseNoticePorts } from '../upkeep/use-notices.ts'

export type HousekeepingPorts = DatabaseRemovalPorts &
  EndRequestsPorts &
  UseNoticePorts & {
    readonly config: Pick<SessionConfig, 'cleanupIntervalMs' | 'maxSessionHistory'>
  }

export interface HousekeepingInit {
  readonly store: TimeKeepingStore
  readonly clock: ForwardOnlyClock
  readonly ports: HousekeepingPorts
  /** A session of that id is under way. */
  isRunning(sessionId: string): boolean
  readonly failedCommits: FailedCommits
}

/**
 * Looks from time to time after the time, reservations, requests and invitations whose time is over, databases that nobody wants,
 * and old sessions.
 */
export class Housekeeping {
  readonly #init: HousekeepingInit
  #timer: Timer | undefined
  #isOver = false

  constructor(init: HousekeepingInit) {
    this.#init = init
  }

  /** Tidies up what an earlier process or another node left behind at once, later things as they come. Nothing once it was stopped. */
  start(): void {
    if (this.#isOver) return
    if (this.#timer === undefined) this.#arm()
    this.#init.ports.track(this.#tidy())
  }

  /** For good: recovery may end, and start it, only after that. @returns whether it was started */
  stop(): boolean {
    this.#isOver = true
    const wasStarted = this.#timer !== undefined
    this.#timer?.clear()
    this.#timer = undefined
    return wasStarted
  }

  /** Stores the time once more, at the end. */
  async storeHighestTime(): Promise<void> {
    const { store, clock, ports } = this.#init
    await storeHighestTime(store, clock, ports.storeFailed)
  }

  #arm(): void {
    const { clock, ports } = this.#init
    this.#timer = clock.after(ports.config.cleanupIntervalMs, () => {
      ports.track(this.#tidy())
      this.#arm()
    })
  }

  async #tidy(): Promise<void> {
    const { ports, failedCommits, isRunning } = this.#init
    await this.storeHighestTime()
    await failedCommits.settle().catch(ports.storeFailed)
    await releaseLapsedReservations(ports, isRunning)
    await endRequests(ports).catch(ports.storeFailed)
    await recordExpiredTokens(ports).catch(ports.storeFailed)
    await settleRemovals(ports)
    await settleNotices(ports)
    await pruneHistory(ports)
  }
}

import { compact } from '../../protocol/base/compact.ts'
import type { SessionCore } from '../../session/manager/session-core.ts'
import type { Clock, Timer } from '../../session/ports/clock.ts'
import type { ReapPolicy } from '../../session/reaper/reap-options.ts'
import { lifecycleRecord } from '../record/lifecycle-record.ts'

/** The policies that a listener may reap by itself. To withdraw an offer is a person's decision. */
export const LISTENER_REAPS = [
  'idle',
  'expired',
  'orphaned',
] as const satisfies readonly ReapPolicy[]

/** @default 10 minutes, because what is reaped is days old or harmless, and looking costs a walk over the store */
export const DEFAULT_REAP_EVERY_MS = 600_000

export interface ReapScheduleInit {
  readonly manager: SessionCore
  readonly clock: Clock
  readonly policies: readonly (typeof LISTENER_REAPS)[number][]
  readonly everyMs: number
  /** Until when nothing is to be reaped, milliseconds since the epoch. Asked each time. @throws StoreError */
  pausedUntil(now: number): Promise<number | undefined>
}

/** How a listener reaps by itself. Times are milliseconds since the epoch. */
export interface ReapingStatus {
  readonly policies: readonly string[]
  readonly everyMs: number
  /** How much since the start, by policy. */
  readonly reaped: Readonly<Record<string, number>>
  /** When it last did. */
  readonly lastAt?: number
  /** Nothing is reaped until then. */
  readonly pausedUntil?: number
}

/** Reaps again and again, what its listener was asked to by name. */
export class ReapSchedule {
  readonly #init: ReapScheduleInit
  #timer: Timer | undefined
  #underWay: Promise<void> = Promise.resolve()
  readonly #reaped = new Map<string, number>()
  #lastAt: number | undefined

  constructor(init: ReapScheduleInit) {
    this.#init = init
  }

  start(): void {
    const { clock, everyMs } = this.#init
    this.#timer = clock.after(everyMs, () => {
      this.#underWay = this.#reap().finally(() => {
        if (this.#timer !== undefined) this.start()
      })
    })
  }

  /** @param pausedUntil as it was last looked up */
  status(pausedUntil: number | undefined): ReapingStatus {
    const { policies, everyMs } = this.#init
    const reaped = Object.fromEntries(policies.map((each) => [each, this.#reaped.get(each) ?? 0]))
    return { policies, everyMs, reaped, ...compact({ lastAt: this.#lastAt, pausedUntil }) }
  }

  /** Resolves when none is under way. */
  stop(): Promise<void> {
    this.#timer?.clear()
    this.#timer = undefined
    return this.#underWay
  }

  async #reap(): Promise<void> {
    const { manager, policies, clock, pausedUntil } = this.#init
    try {
      if ((await pausedUntil(clock.now())) !== undefined) return
      const reports = await manager.reap({
        policies,
        filter: {},
        dryRun: false,
        record: (policy, reaped) => lifecycleRecord('reaped', { policy, reaped }),
      })
      this.#lastAt = clock.now()
      for (const { policy, reaped } of reports)
        this.#reaped.set(policy, (this.#reaped.get(policy) ?? 0) + reaped)
    } catch (error) {
      // Only a store that fails throws here; whoever runs the listener hears of it, and stops.
      manager.emit('storeFailed', error)
    }
  }
}

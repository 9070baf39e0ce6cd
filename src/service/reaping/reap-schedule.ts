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
  isGone(process: string): boolean
}

/** Reaps again and again, what its listener was asked to by name. */
export class ReapSchedule {
  readonly #init: ReapScheduleInit
  #timer: Timer | undefined
  #underWay: Promise<void> = Promise.resolve()

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

  /** Resolves when none is under way. */
  stop(): Promise<void> {
    this.#timer?.clear()
    this.#timer = undefined
    return this.#underWay
  }

  async #reap(): Promise<void> {
    const { manager, policies, isGone } = this.#init
    try {
      await manager.reap({
        policies,
        filter: {},
        dryRun: false,
        isGone,
        record: (policy, reaped) => lifecycleRecord('reaped', { policy, reaped }),
      })
    } catch (error) {
      // Only a store that fails throws here; whoever runs the listener hears of it, and stops.
      manager.emit('storeFailed', error)
    }
  }
}

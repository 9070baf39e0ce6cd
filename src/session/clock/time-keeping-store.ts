import type { StoreLookups } from '../ports/lookups.ts'
import type { SessionStore } from '../ports/store.ts'
import type { Submitted, Urgency, Work, WorkOutcome } from '../ports/work.ts'
import type { ForwardOnlyClock } from './forward-only-clock.ts'

/** The stored time lags no more behind the highest time than this, ms: a crash and a clock set back revive no more. */
const MAX_LAG_MS = 10_000

/** A store that stores the highest time with the work that comes anyway. */
export class TimeKeepingStore implements SessionStore {
  readonly #own: SessionStore
  readonly #clock: ForwardOnlyClock
  /** The time that the store is known to hold; undefined before it was asked. */
  #remembered: number | undefined

  constructor(own: SessionStore, clock: ForwardOnlyClock) {
    this.#own = own
    this.#clock = clock
  }

  get lookups(): StoreLookups {
    return this.#own.lookups
  }

  submit(work: Work, urgency?: Urgency): Submitted {
    const known = this.#remembered
    const now = this.#clock.now()
    if (known !== undefined && now - known <= MAX_LAG_MS) return this.#own.submit(work, urgency)
    this.#remembered = now
    const submitted = this.#own.submit([...work, { op: 'rememberTime', at: now }], urgency)
    const forget = (): void => {
      this.#remembered = known
    }
    submitted.outcome.then(({ kind }) => {
      if (kind === 'lost') forget()
    }, forget)
    // The lost batch held the time.
    submitted.durable.catch(forget)
    return submitted
  }

  rehearse(work: Work): Promise<WorkOutcome> {
    return this.#own.rehearse(work)
  }

  /** Makes the next piece of work store the time, however recently the last one did. */
  storeTimeNext(): void {
    if (this.#remembered !== undefined) this.#remembered = Number.NEGATIVE_INFINITY
  }

  /** The stored time is known. */
  get isRecalled(): boolean {
    return this.#remembered !== undefined
  }

  /** Reads the stored time once, before anything is judged by the clock. @throws StoreError */
  async recall(): Promise<void> {
    if (this.#remembered !== undefined) return
    const highest = await this.#own.lookups.time.highest()
    this.#remembered ??= highest
    this.#clock.remind(highest)
  }
}

import { type Deadlines, stepLimitMs } from '../machine/deadlines.ts'
import type { DialerStateName } from '../machine/dialer-state.ts'
import type { ListenerStateName } from '../machine/listener-state.ts'
import type { Clock, Timer } from '../ports/clock.ts'

/** The two deadlines of one session: its own, and that of the state it is in. */
export class SessionTimers {
  readonly #clock: Clock
  readonly #deadlines: Deadlines
  #step: Timer | undefined
  #session: Timer | undefined

  constructor(clock: Clock, deadlines: Deadlines) {
    this.#clock = clock
    this.#deadlines = deadlines
  }

  armSession(fired: () => void): void {
    this.#session = this.#clock.after(this.#deadlines.sessionTimeoutMs, fired)
  }

  /** A state was entered. A final one has no deadline, and ends the session's too. */
  armStep(state: ListenerStateName | DialerStateName, fired: () => void): void {
    this.#step?.clear()
    const limit = stepLimitMs(state, this.#deadlines)
    if (limit === undefined) this.clear()
    else this.#step = this.#clock.after(limit, fired)
  }

  clear(): void {
    this.#step?.clear()
    this.#session?.clear()
    this.#step = undefined
    this.#session = undefined
  }
}

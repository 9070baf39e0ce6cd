import { StepScope } from '../host/step-scope.ts'
import { type Deadlines, stepLimitMs } from '../machine/deadlines.ts'
import type { Clock, Timer } from '../ports/clock.ts'
import type { StateName } from './session-machine.ts'

interface Hurried {
  /** Hears that a deadline has come. */
  overdue(type: 'stepDeadline' | 'sessionDeadline'): void
}

/** The step that a session is in: what its effects are bound to, its deadline, and that of the whole session. */
export class SessionStep {
  readonly #clock: Clock
  readonly #deadlines: Deadlines
  readonly #session: Hurried
  #scope = new StepScope()
  /** When the session's own deadline comes, monotonic ms. */
  #until = Number.POSITIVE_INFINITY
  /** Of the deadline that comes first, the step's or the session's. */
  #timer: Timer | undefined

  constructor(clock: Clock, deadlines: Deadlines, session: Hurried) {
    this.#clock = clock
    this.#deadlines = deadlines
    this.#session = session
  }

  get scope(): StepScope {
    return this.#scope
  }

  /** Arms the session's deadline, and that of its first step. */
  start(name: StateName): void {
    this.#until = this.#clock.monotonic() + this.#deadlines.sessionTimeoutMs
    this.#arm(name)
  }

  /** The step before is over. */
  enter(name: StateName): void {
    this.#scope.end(name === 'TIMEOUT')
    this.#scope = new StepScope()
    this.#arm(name)
  }

  /** No deadline comes any more. */
  clear(): void {
    this.#timer?.clear()
    this.#timer = undefined
  }

  /** A final state has no deadline, and ends the session's too. */
  #arm(name: StateName): void {
    this.clear()
    const limit = stepLimitMs(name, this.#deadlines)
    if (limit === undefined) return
    if (limit >= this.#leftMs) return this.#armLast()
    this.#timer = this.#clock.after(limit, () => {
      this.#armLast()
      this.#session.overdue('stepDeadline')
    })
  }

  #armLast(): void {
    this.#timer = this.#clock.after(this.#leftMs, () => this.#session.overdue('sessionDeadline'))
  }

  get #leftMs(): number {
    return Math.max(0, Math.ceil(this.#until - this.#clock.monotonic()))
  }
}

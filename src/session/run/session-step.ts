import { StepScope } from '../host/step-scope.ts'
import { type Deadlines, stepLimitMs } from '../machine/deadlines.ts'
import type { Clock, Timer } from '../ports/clock.ts'
import type { StateName } from './session-machine.ts'

/** The step that a session is in: what its effects are bound to, its deadline, and that of the whole session. */
export class SessionStep {
  readonly #clock: Clock
  readonly #deadlines: Deadlines
  readonly #overdue: (type: 'stepDeadline' | 'sessionDeadline') => void
  #scope = new StepScope()
  #step: Timer | undefined
  #session: Timer | undefined

  constructor(
    clock: Clock,
    deadlines: Deadlines,
    overdue: (type: 'stepDeadline' | 'sessionDeadline') => void,
  ) {
    this.#clock = clock
    this.#deadlines = deadlines
    this.#overdue = overdue
  }

  get scope(): StepScope {
    return this.#scope
  }

  /** Arms the session's deadline, and that of its first step. */
  start(name: StateName): void {
    const { sessionTimeoutMs } = this.#deadlines
    this.#session = this.#clock.after(sessionTimeoutMs, () => this.#overdue('sessionDeadline'))
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
    this.#step?.clear()
    this.#session?.clear()
    this.#step = undefined
    this.#session = undefined
  }

  /** A final state has no deadline, and ends the session's too. */
  #arm(name: StateName): void {
    this.#step?.clear()
    const limit = stepLimitMs(name, this.#deadlines)
    if (limit === undefined) return this.clear()
    const scope = this.#scope
    this.#step = this.#clock.after(limit, () => {
      if (!scope.over) this.#overdue('stepDeadline')
    })
  }
}

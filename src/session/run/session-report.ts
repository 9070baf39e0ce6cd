import { isFinalState } from '../machine/deadlines.ts'
import type { SessionSummary } from '../ports/session-summary.ts'
import type { Move } from './move.ts'
import type { RunnerInit } from './runner-init.ts'
import type { StateName } from './session-machine.ts'

/** Tells the observer of one session what has become of it. */
export class SessionReport<State extends { name: StateName }> {
  readonly #init: Pick<RunnerInit, 'observer' | 'extent'>
  readonly #summary: (state: State) => SessionSummary
  #told: State
  #isInDoubt = false
  /** Its end is written: rejects if it does not reach the disk. */
  #leaving: Promise<void> | undefined

  constructor(
    init: Pick<RunnerInit, 'observer' | 'extent'>,
    summary: (state: State) => SessionSummary,
    start: State,
  ) {
    this.#init = init
    this.#summary = summary
    this.#told = start
  }

  /** The state that was told last. */
  get told(): State {
    return this.#told
  }

  /** It was given up before the disk had answered: nothing goes on, and its end is told when it is known. */
  get isInDoubt(): boolean {
    return this.#isInDoubt
  }

  /** Makes what tells of a move once that is durable; it tells of the session as it is now. */
  moved({ moved, recorded, state, entry }: Move<State, unknown, unknown>): () => void {
    if (!moved) return () => undefined
    const summary = this.#summary(state)
    return () => {
      this.#told = state
      this.#init.observer.moved(summary, [entry], recorded)
    }
  }

  certain(state: State, written: Promise<void>): void {
    this.#init.observer.certain(this.#summary(state), written)
  }

  /** Its end is written, and told when `told` resolves. */
  leaving(told: Promise<void>): void {
    this.#leaving = told
  }

  ended(state: State): void {
    this.#init.observer.ended(this.#summary(state), this.#init.extent)
  }

  storeFailed(error: unknown): void {
    const tell = (): void => this.#init.observer.storeFailed(error)
    if (this.#leaving === undefined) tell()
    else this.#leaving.then(tell, tell)
  }

  /** @param written resolves when all that it wrote is on the disk: then its end is told, if it had come to one */
  inDoubt(state: State, written: Promise<void>): void {
    const { observer } = this.#init
    this.#isInDoubt = true
    written.then(
      () => (isFinalState(state.name) ? this.ended(state) : observer.dropped()),
      (error: unknown) => observer.storeFailed(error),
    )
    observer.inDoubt()
  }
}

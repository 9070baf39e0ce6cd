import { isFinalState } from '../machine/deadlines.ts'
import type { SessionSummary } from '../ports/session-summary.ts'
import type { Move } from './move.ts'
import type { RunnerInit } from './runner-init.ts'
import type { StateName } from './session-machine.ts'

/** The session that is reported of. */
export interface ReportedSession {
  /** It is over without a word. */
  isDead(): boolean
  /** Its end is durable. */
  end(): void
  storeFailed(error: unknown): void
}

/** Tells the observer of one session what has become of it. */
export class SessionReport<State extends { name: StateName }> {
  readonly #init: Pick<RunnerInit, 'observer' | 'extent'>
  readonly #session: ReportedSession
  readonly #summary: (state: State) => SessionSummary
  #told: State
  #isInDoubt = false
  /** Its end is written: rejects if it does not reach the disk. */
  #leaving: Promise<void> | undefined

  constructor(
    init: Pick<RunnerInit, 'observer' | 'extent'>,
    session: ReportedSession,
    summary: (state: State) => SessionSummary,
    start: State,
  ) {
    this.#init = init
    this.#session = session
    this.#summary = summary
    this.#told = start
  }

  /** The state that was told last. */
  get told(): State {
    return this.#told
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

  /** Tells when that is durable, then goes on, unless the session was given up meanwhile. */
  whenDurable(durable: Promise<void>, tell: () => void, goOn = () => undefined): void {
    const { isDead, storeFailed } = this.#session
    durable
      .then(() => {
        if (!isDead() || this.#isInDoubt) tell()
        if (!isDead()) goOn()
      })
      .catch(storeFailed)
  }

  /**
   * Tells of its end when that is durable. It may be followed by late words; if those can't be stored, it stands all the
   * same.
   */
  leave(durable: Promise<void>, tell: () => void): void {
    // The store had failed before this was applied, and that was told.
    if (this.#session.isDead() && !this.#isInDoubt) return
    const told = durable.then(() => {
      tell()
      if (!this.#isInDoubt) this.#session.end()
    })
    this.#leaving = told
    told.catch(this.#session.storeFailed)
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
  inDoubt(state: () => State, written: Promise<void>): void {
    const { observer } = this.#init
    this.#isInDoubt = true
    written.then(
      () => (isFinalState(state().name) ? this.ended(state()) : observer.dropped()),
      (error: unknown) => observer.storeFailed(error),
    )
    observer.inDoubt()
  }
}

import type { MessageExtent } from '../../protocol/json/message-extent.ts'
import { isFinalState } from '../machine/deadlines.ts'
import type { SessionSummary } from '../ports/session-summary.ts'
import type { Move } from './move.ts'
import type { RunnerObserver } from './runner-init.ts'
import type { StateName } from './session-machine.ts'

/** The session that is reported of. */
export interface ReportedSession<State> {
  readonly state: State
  /** It is over without a word. */
  readonly isOver: boolean
  /** As it is in this state. */
  summary(state: State): SessionSummary
  /** Its end is durable. */
  end(): void
  storeFailed(error: unknown): void
}

/** Tells the observer of one session what has become of it. */
export class SessionReport<State extends { name: StateName }> {
  readonly #observer: RunnerObserver
  readonly #extent: MessageExtent
  readonly #session: ReportedSession<State>
  #told: State
  #isInDoubt = false
  /** Its end is written: rejects if it does not reach the disk. */
  #leaving: Promise<void> | undefined

  /** @param extent of the messages that were read; it grows */
  constructor(
    observer: RunnerObserver,
    extent: MessageExtent,
    session: ReportedSession<State>,
    start: State,
  ) {
    this.#observer = observer
    this.#extent = extent
    this.#session = session
    this.#told = start
  }

  /** The state that was told last. */
  get told(): State {
    return this.#told
  }

  /** Makes what tells of a move once that is durable. */
  moved({ moved, recorded, state, entry, summary }: Move<State, unknown, unknown>): () => void {
    if (!moved) return () => undefined
    return () => {
      this.#told = state
      this.#observer.moved(summary, [entry], recorded)
    }
  }

  certain({ summary }: Move<State, unknown, unknown>, written: Promise<void>): void {
    this.#observer.certain(summary, written)
  }

  /** Tells when that is durable, then goes on, unless the session was given up meanwhile. */
  whenDurable(durable: Promise<void>, tell: () => void, goOn = () => undefined): void {
    durable
      .then(() => {
        if (!this.#session.isOver || this.#isInDoubt) tell()
        if (!this.#session.isOver) goOn()
      })
      .catch((error: unknown) => this.#session.storeFailed(error))
  }

  /**
   * Tells of its end when that is durable. It may be followed by late words; if those can't be stored, it stands all the
   * same.
   */
  leave(durable: Promise<void>, tell: () => void): void {
    // The store had failed before this was applied, and that was told.
    if (this.#session.isOver && !this.#isInDoubt) return
    const told = durable.then(() => {
      tell()
      if (!this.#isInDoubt) this.#session.end()
    })
    this.#leaving = told
    told.catch((error: unknown) => this.#session.storeFailed(error))
  }

  ended(): void {
    this.#observer.ended(this.#session.summary(this.#session.state), this.#extent)
  }

  storeFailed(error: unknown): void {
    const tell = (): void => this.#observer.storeFailed(error)
    if (this.#leaving === undefined) tell()
    else this.#leaving.then(tell, tell)
  }

  /** @param written resolves when all that it wrote is on the disk: then its end is told, if it had come to one */
  inDoubt(written: Promise<void>): void {
    const [session, observer] = [this.#session, this.#observer]
    this.#isInDoubt = true
    written.then(
      () => (isFinalState(session.state.name) ? this.ended() : observer.dropped()),
      (error: unknown) => observer.storeFailed(error),
    )
    observer.inDoubt()
  }
}

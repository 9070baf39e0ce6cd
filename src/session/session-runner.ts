import { describeThrown } from './describe-thrown.ts'
import { journalText } from './journal-text.ts'
import { type Deadlines, isFinal } from './machine/deadlines.ts'
import type { Transition } from './machine/transition.ts'
import type { Clock } from './ports/clock.ts'
import { FinalStateError } from './ports/final-state-error.ts'
import type { JournalEntry, SessionStore, SessionSummary, StoreTransaction } from './ports/store.ts'
import type { SessionMachine, StateName } from './session-machine.ts'
import { SessionTimers } from './session-timers.ts'
import { StepScope } from './step-scope.ts'

/** What the runner tells whoever watches. All of it is committed, or of a session that is not recorded. */
export interface RunnerObserver {
  moved(summary: SessionSummary, path: readonly JournalEntry[], recorded: boolean): void
  /** Final state reached and, if recorded, durable. */
  ended(summary: SessionSummary): void
  /** The store failed: the session is over without a word. */
  storeFailed(error: unknown): void
}

export interface RunnerInit {
  readonly side: SessionSummary['side']
  readonly store: SessionStore
  readonly clock: Clock
  readonly deadlines: Deadlines
  readonly observer: RunnerObserver
}

/** One transition on its way: what the machine answered, and its line in the journal. */
interface Move<State, Change, Effect> extends Transition<State, Change, Effect> {
  readonly before: State
  readonly entry: JournalEntry
  /** Into another state. */
  readonly moved: boolean
  readonly recorded: boolean
}

/**
 * Moves one session: event → transition → commit → effects. While a commit is on its way to the disk,
 * events wait; so nothing leaves on the strength of what might yet be lost.
 */
export class SessionRunner<
  State extends { name: StateName },
  Event extends object,
  Change,
  Effect,
> {
  readonly #machine: SessionMachine<State, Event, Change, Effect>
  readonly #init: RunnerInit
  readonly #timers: SessionTimers
  readonly #queue: Event[] = []
  readonly #startedAt: number
  readonly #startedMono: number
  #state: State
  #scope = new StepScope()
  #stepSince: number
  #unsaved: JournalEntry[] = []
  #seq = 0
  #busy = false
  #dead = false
  /** Somebody else wrote this session's end: nothing of ours is recorded any more. */
  #closed = false

  constructor(
    machine: SessionMachine<State, Event, Change, Effect>,
    start: State,
    init: RunnerInit,
  ) {
    this.#machine = machine
    this.#init = init
    this.#timers = new SessionTimers(init.clock, init.deadlines)
    this.#state = start
    this.#startedAt = init.clock.now()
    this.#startedMono = init.clock.monotonic()
    this.#stepSince = this.#startedMono
  }

  get state(): State {
    return this.#state
  }

  /** When the session must be over, milliseconds since the epoch. */
  get deadline(): number {
    return this.#startedAt + this.#init.deadlines.sessionTimeoutMs
  }

  /** Arm the session's deadline. Called once, before the first event. */
  start(): void {
    this.#timers.armSession(() => this.dispatch(this.#machine.sessionDeadline))
    this.#armStep()
  }

  dispatch(event: Event): void {
    if (this.#dead) return
    this.#queue.push(event)
    this.#pump()
  }

  /**
   * Ask the store outside a transition. `then` is not called if the store fails: the session is over
   * then. What it is told is provisional until `durable` resolves.
   */
  consult<Result>(
    work: (transaction: StoreTransaction) => Result,
    then: (value: Result, durable: Promise<void>) => void,
  ): void {
    if (this.#dead) return
    let asked: { readonly value: Result; readonly durable: Promise<void> }
    try {
      asked = this.#init.store.transact(work)
    } catch (error) {
      this.#storeFailed(error)
      return
    }
    asked.durable.catch((error: unknown) => this.#storeFailed(error))
    then(asked.value, asked.durable)
  }

  #pump(): void {
    if (this.#busy) return
    this.#busy = true
    while (!this.#dead) {
      const event = this.#queue.shift()
      if (event === undefined) break
      if (this.#take(event)) return
    }
    this.#busy = false
  }

  /** True if the session now waits for the disk, and `#pump` will be called again after that. */
  #take(event: Event): boolean {
    const before = this.#state
    const answer = this.#machine.step(before, event)
    if (answer.state === before && answer.changes.length + answer.effects.length === 0) return false
    const move = this.#enter(before, answer, event)
    if ((move.moved && move.recorded) || move.changes.length > 0) return this.#commit(move)
    this.#news(move)()
    this.#perform(move)
    if (ends(move)) this.#end()
    return false
  }

  #enter(
    before: State,
    answer: Transition<State, Change, Effect>,
    event: Event,
  ): Move<State, Change, Effect> {
    const { state } = answer
    const { clock } = this.#init
    const mono = clock.monotonic()
    const entry: JournalEntry = {
      seq: this.#seq + 1,
      from: before.name,
      to: state.name,
      event: journalText(event),
      at: clock.now(),
      ms: milliseconds(mono - this.#stepSince),
    }
    const moved = before.name !== state.name
    this.#seq += 1
    this.#state = state
    this.#unsaved.push(entry)
    if (moved) {
      this.#stepSince = mono
      this.#scope.end()
      this.#scope = new StepScope()
      this.#armStep()
    }
    const recorded = !this.#closed && this.#machine.isRecorded(state)
    return { ...answer, before, entry, moved, recorded }
  }

  #commit(move: Move<State, Change, Effect>): boolean {
    let durable: Promise<void>
    try {
      durable = this.#init.store.transact((transaction) => {
        if (move.recorded) this.#machine.mayWrite(move.before, move.state, transaction)
        for (const change of move.changes) this.#machine.apply(change, transaction)
        if (move.recorded) this.#record(move, transaction)
      }).durable
    } catch (error) {
      this.#undo(move, error)
      return false
    }
    if (move.recorded) this.#unsaved = []
    const tell = this.#news(move)
    if (move.effects.every((effect) => this.#machine.isInternal(effect))) {
      this.#perform(move)
      this.#whenDurable(durable, () => {
        tell()
        if (ends(move)) this.#end()
      })
      return false
    }
    this.#whenDurable(durable, () => {
      tell()
      this.#perform(move)
      if (ends(move)) this.#end()
      this.#busy = false
      this.#pump()
    })
    return true
  }

  #whenDurable(durable: Promise<void>, then: () => void): void {
    durable.then(
      () => {
        if (!this.#dead) then()
      },
      (error: unknown) => this.#storeFailed(error),
    )
  }

  #record({ state, before }: Move<State, Change, Effect>, transaction: StoreTransaction): void {
    // A late acknowledgment adds to the journal; the session itself ended before.
    if (!isFinal(before.name)) transaction.saveSession(this.#summary(state))
    transaction.appendJournal(this.#machine.facts(state).id, this.#unsaved)
    this.#machine.audit(this.#unsaved, transaction, state)
  }

  /** Nothing was written: the transition did not happen, and the session hears why. */
  #undo({ before, entry }: Move<State, Change, Effect>, error: unknown): void {
    // A process that was paused for long finds its session closed when it goes on.
    this.#closed ||= error instanceof FinalStateError
    const instead = this.#closed ? this.#machine.superseded : this.#machine.undoneBy(error)
    const event = isFinal(before.name) ? undefined : instead
    if (event === undefined) {
      this.#storeFailed(error)
      return
    }
    this.#state = before
    this.#unsaved = this.#unsaved.filter((each) => each !== entry)
    this.#seq -= 1
    this.#queue.unshift(event)
  }

  /** What there will be to tell once it is durable, as it is now. */
  #news({ moved, recorded, state, entry }: Move<State, Change, Effect>): () => void {
    if (!moved) return () => undefined
    const summary = this.#summary(state)
    return () => this.#init.observer.moved(summary, [entry], recorded)
  }

  #perform({ effects }: Move<State, Change, Effect>): void {
    const scope = this.#scope
    for (const effect of effects) {
      try {
        this.#machine.perform(effect, scope)
      } catch (error) {
        this.#queue.push(this.#machine.failed(describeThrown(error)))
      }
    }
  }

  #end(): void {
    this.#timers.clear()
    this.#init.observer.ended(this.#summary(this.#state))
  }

  /** What could not be stored did not happen: no word to the peer, no effect, only the end. */
  #storeFailed(error: unknown): void {
    if (this.#dead) return
    this.#dead = true
    this.#queue.length = 0
    this.#timers.clear()
    this.#scope.end()
    this.#init.observer.storeFailed(error)
  }

  #armStep(): void {
    const scope = this.#scope
    this.#timers.armStep(this.#state.name, () => {
      if (!scope.over) this.dispatch(this.#machine.stepDeadline)
    })
  }

  #summary(state: State): SessionSummary {
    const { clock, side } = this.#init
    const summary = { ...this.#machine.facts(state), side, startedAt: this.#startedAt }
    if (!isFinal(state.name)) return summary
    const durationMs = milliseconds(clock.monotonic() - this.#startedMono)
    return { ...summary, endedAt: clock.now(), durationMs }
  }
}

/** Into a final state, from one that was not. */
function ends<State extends { name: StateName }>(move: Move<State, unknown, unknown>): boolean {
  return move.moved && isFinal(move.state.name)
}

/** Three digits are what a clock is good for. */
function milliseconds(ms: number): number {
  return Math.round(ms * 1000) / 1000
}

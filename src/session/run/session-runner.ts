import { StepScope } from '../host/step-scope.ts'
import { isFinalState } from '../machine/deadlines.ts'
import type { MachineTransition } from '../machine/transition.ts'
import type { SessionStore, StoreTransaction } from '../ports/store.ts'
import { CommitWait } from './commit-wait.ts'
import { consultStore } from './consult-store.ts'
import { GuardedMachine } from './guarded-machine.ts'
import { ends, type Move, mayWait } from './move.ts'
import type { RunnerInit } from './runner-init.ts'
import type { RunnerEvent, SessionLook, SessionMachine, StateName } from './session-machine.ts'
import { SessionRecord } from './session-record.ts'
import { SessionReport } from './session-report.ts'
import { SessionTimers } from './session-timers.ts'
import { SessionWriter } from './session-writer.ts'
import { UnwrittenMoves } from './unwritten-moves.ts'

/**
 * Moves one session: event → transition → commit → effects. While a commit is on its way to the disk, events wait; so
 * nothing leaves on the strength of what might yet be lost.
 */
export class SessionRunner<
  State extends { name: StateName },
  Event extends object,
  Change,
  Effect,
  Found extends object,
> {
  readonly #machine: SessionMachine<State, Event, Change, Effect, Found>
  readonly #guarded: GuardedMachine<State, Event, Change, Effect, Found>
  readonly #init: RunnerInit
  readonly #timers: SessionTimers
  readonly #record: SessionRecord
  readonly #writer: SessionWriter<State, Event, Change, Effect, Found>
  readonly #unwritten: UnwrittenMoves
  readonly #wait: CommitWait
  readonly #report: SessionReport<State>
  readonly #store: SessionStore
  readonly #queue: (Event | RunnerEvent)[] = []
  #state: State
  #scope = new StepScope()
  #busy = false
  #dead = false
  #isEnding = false

  constructor(
    machine: SessionMachine<State, Event, Change, Effect, Found>,
    start: State,
    init: RunnerInit,
  ) {
    this.#machine = machine
    this.#guarded = new GuardedMachine(machine)
    this.#init = init
    this.#timers = new SessionTimers(init.clock, init.deadlines)
    this.#record = new SessionRecord(init)
    this.#wait = new CommitWait(init.clock, init.deadlines.stepTimeoutMs, () => this.giveUp())
    this.#store = this.#wait.watched(init.store)
    this.#writer = new SessionWriter(machine, this.#store, this.#record)
    this.#unwritten = new UnwrittenMoves(init.clock)
    this.#state = start
    this.#report = new SessionReport(init, (state: State) => this.#writer.summary(state), start)
  }

  get state(): State {
    return this.#state
  }

  /** The facts that this session's transactions have found out so far. */
  get found(): Partial<Found> {
    return this.#writer.found
  }

  /** Its final state stands, whatever fails from now on: `ended` is told, or is about to be. */
  get isEnding(): boolean {
    return this.#isEnding
  }

  /** When the session must be over, milliseconds since the epoch. */
  get deadline(): number {
    return this.#record.startedAt + this.#init.deadlines.sessionTimeoutMs
  }

  /** Where it is, and for how long, ms. */
  look(state = this.#state): SessionLook {
    return { summary: this.#writer.summary(state), idleMs: this.#record.idleMs }
  }

  /** As it was told last, without what may have been lost since. */
  lookBack(): SessionLook {
    return this.look(this.#report.told)
  }

  /** Arms the session's deadline. Called once, before the first event. */
  start(): void {
    this.#timers.armSession(() => this.#overdue('sessionDeadline'))
    this.#armStep()
  }

  /** Ends the session without a word if it waits for the disk: its end is told when that has answered. */
  giveUp(): void {
    if (this.#dead || !this.#wait.isOpen) return
    this.#stop()
    this.#report.inDoubt(this.#state, this.#wait.over())
  }

  dispatch(event: Event | RunnerEvent): void {
    if (this.#dead) return
    this.#queue.push(event)
    this.#pump()
  }

  /** Asks the store outside a transition, see `consultStore`. If that fails, the session is over. */
  consult<Result>(
    work: (transaction: StoreTransaction) => Result,
    then: (value: Result, durable: Promise<void>) => void,
  ): void {
    if (this.#dead) return
    consultStore(this.#store, work, then, {
      failed: (error) => this.#unwritable(this.#guarded.faultOf(error), error),
      lost: (error) => this.#storeFailed(error),
    })
  }

  #pump(): void {
    if (this.#busy) return
    this.#busy = true
    while (!this.#dead) {
      const event = this.#queue.shift()
      if (event === undefined) break
      try {
        if (this.#take(event)) return
      } catch (error) {
        this.#storeFailed(error)
      }
    }
    this.#busy = false
  }

  /** True if the session now waits for the disk, and `#pump` will be called again after that. */
  #take(given: Event | RunnerEvent): boolean {
    const before = this.#state
    const { answer, event } = this.#guarded.step(before, given)
    if (answer.state === before && answer.changes.length + answer.effects.length === 0) return false
    const move = this.#enter(before, answer, event)
    if (mayWait(move, (effect) => this.#machine.isInternal(effect))) {
      this.#unwritten.add(this.#report.moved(move), () => this.#catchUp())
      this.#perform(move)
      return false
    }
    if ((move.moved && move.recorded) || move.changes.length > 0) return this.#commit(move)
    this.#report.moved(move)()
    this.#performed(move)
    return false
  }

  #enter(
    before: State,
    answer: MachineTransition<State, Change, Effect>,
    event: Event | RunnerEvent,
  ): Move<State, Change, Effect> {
    const { state } = answer
    const entry = this.#record.note(before.name, state.name, event)
    const moved = before.name !== state.name
    this.#state = state
    if (moved) {
      this.#scope.end(state.name === 'TIMEOUT')
      this.#scope = new StepScope()
      this.#armStep()
    }
    const recorded = !this.#guarded.isClosed && this.#machine.isRecorded(state)
    return { ...answer, before, entry, moved, recorded }
  }

  #commit(move: Move<State, Change, Effect>): boolean {
    let durable: Promise<void>
    try {
      durable = this.#writer.write(move)
    } catch (error) {
      this.#undo(move, error)
      return false
    }
    const tell = move.recorded
      ? this.#unwritten.settle(this.#report.moved(move))
      : this.#report.moved(move)
    if (move.effects.every((effect) => this.#machine.isInternal(effect))) {
      this.#perform(move)
      if (ends(move)) this.#leave(move, durable, tell)
      else this.#whenDurable(durable, tell)
      return false
    }
    if (ends(move)) this.#wait.limit()
    this.#whenDurable(durable, tell, () => {
      this.#performed(move)
      this.#busy = false
      this.#pump()
    })
    return true
  }

  /** Writes what waits for the next move, because none came. */
  #catchUp(): void {
    if (this.#dead || this.#unwritten.isEmpty) return
    let durable: Promise<void>
    try {
      durable = this.#writer.catchUp(this.#state)
    } catch (error) {
      this.#unwritable(this.#guarded.undoneBy(error), error)
      return
    }
    this.#whenDurable(durable, this.#unwritten.settle())
  }

  /** @param goOn not called if the session was given up meanwhile */
  #whenDurable(durable: Promise<void>, tell: () => void, goOn = () => undefined): void {
    const failed = (error: unknown): void => this.#storeFailed(error)
    durable
      .then(() => {
        if (!this.#dead || this.#report.isInDoubt) tell()
        if (!this.#dead) goOn()
      }, failed)
      .catch(failed)
  }

  #overdue(type: 'stepDeadline' | 'sessionDeadline'): void {
    this.#wait.overdue()
    this.dispatch({ type })
  }

  /** Its end may be followed by late words; if those can't be stored, it stands all the same once it is durable. */
  #leave(
    { before, state }: Move<State, Change, Effect>,
    durable: Promise<void>,
    tell: () => void,
  ): void {
    if (!this.#machine.isCertain(before)) this.#wait.limit()
    else this.#report.certain(state, durable)
    const told = durable.then(() => {
      tell()
      if (!this.#report.isInDoubt) this.#end()
    })
    this.#report.leaving(told)
    told.catch((error: unknown) => this.#storeFailed(error))
  }

  /** Takes a move back that was not written, and tells the session why. */
  #undo({ before, entry }: Move<State, Change, Effect>, error: unknown): void {
    const instead = this.#guarded.undoneBy(error)
    const event = isFinalState(before.name) ? undefined : instead
    if (event === undefined) return this.#storeFailed(error)
    this.#state = before
    this.#record.takeBack(entry)
    this.#queue.unshift(event)
  }

  #unwritable(instead: Event | RunnerEvent | undefined, error: unknown): void {
    if (instead === undefined) this.#storeFailed(error)
    else this.dispatch(instead)
  }

  /** Performs the effects of a move that is durable, or need not be. */
  #performed(move: Move<State, Change, Effect>): void {
    this.#isEnding ||= ends(move)
    this.#perform(move)
    if (ends(move)) this.#end()
  }

  #perform({ effects }: Move<State, Change, Effect>): void {
    this.#guarded.perform(effects, this.#scope, (event) => this.#queue.push(event))
  }

  #end(): void {
    this.#isEnding = true
    this.#waitNoMore()
    this.#report.ended(this.#state)
  }

  /**
   * Ends the session without a word or an effect: what could not be stored did not happen. Likewise after a fault of our
   * own code that no event can tell of.
   */
  #storeFailed(error: unknown): void {
    if (this.#dead) return
    this.#stop()
    this.#report.storeFailed(error)
  }

  #stop(): void {
    this.#dead = true
    this.#queue.length = 0
    this.#waitNoMore()
    this.#scope.end()
  }

  #waitNoMore(): void {
    this.#timers.clear()
    this.#wait.clear()
    this.#unwritten.drop()
  }

  #armStep(): void {
    const scope = this.#scope
    this.#timers.armStep(this.#state.name, () => {
      if (!scope.over) this.#overdue('stepDeadline')
    })
  }
}

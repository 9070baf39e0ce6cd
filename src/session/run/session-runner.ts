import { StepScope } from '../host/step-scope.ts'
import { isFinalState } from '../machine/deadlines.ts'
import type { MachineTransition } from '../machine/transition.ts'
import type { StoreTransaction } from '../ports/store.ts'
import { GuardedMachine } from './guarded-machine.ts'
import { ends, type Move, mayWait } from './move.ts'
import type { RunnerInit } from './runner-init.ts'
import type { RunnerEvent, SessionLook, SessionMachine, StateName } from './session-machine.ts'
import { SessionRecord } from './session-record.ts'
import { SessionTimers } from './session-timers.ts'
import { SessionWriter } from './session-writer.ts'
import { UnwrittenMoves } from './unwritten-moves.ts'

/**
 * Moves one session: event → transition → commit → effects. While a commit is on its way to the disk,
 * events wait; so nothing leaves on the strength of what might yet be lost.
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
  readonly #queue: (Event | RunnerEvent)[] = []
  #state: State
  #scope = new StepScope()
  #busy = false
  #dead = false
  #isEnding = false
  /** Its end is written: rejects if it does not reach the disk. */
  #leaving: Promise<void> | undefined
  /** The state that was told last. */
  #told: State

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
    this.#writer = new SessionWriter(machine, init.store, this.#record)
    this.#unwritten = new UnwrittenMoves(init.clock)
    this.#state = start
    this.#told = start
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
  look(): SessionLook {
    return this.#lookAt(this.#state)
  }

  /** As it was told last, without what may have been lost since. */
  lookBack(): SessionLook {
    return this.#lookAt(this.#told)
  }

  #lookAt(state: State): SessionLook {
    return { summary: this.#writer.summary(state), idleMs: this.#record.idleMs }
  }

  /** Arms the session's deadline. Called once, before the first event. */
  start(): void {
    this.#timers.armSession(() => this.dispatch({ type: 'sessionDeadline' }))
    this.#armStep()
  }

  dispatch(event: Event | RunnerEvent): void {
    if (this.#dead) return
    this.#queue.push(event)
    this.#pump()
  }

  /**
   * Asks the store outside a transition. `then` is not called if that fails: the session is over
   * then. The value it gets is provisional until `durable` resolves.
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
      this.#unwritable(this.#guarded.faultOf(error), error)
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
      this.#unwritten.add(this.#telling(move), () => this.#catchUp())
      this.#perform(move)
      return false
    }
    if ((move.moved && move.recorded) || move.changes.length > 0) return this.#commit(move)
    this.#telling(move)()
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
    const tell = move.recorded ? this.#unwritten.settle(this.#telling(move)) : this.#telling(move)
    if (move.effects.every((effect) => this.#machine.isInternal(effect))) {
      this.#perform(move)
      if (ends(move) && this.#machine.isCertain(move.before)) {
        this.#init.observer.certain(this.#writer.summary(move.state), durable)
      }
      if (ends(move)) this.#leave(durable, tell)
      else this.#whenDurable(durable, tell)
      return false
    }
    this.#whenDurable(durable, () => {
      tell()
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

  #whenDurable(durable: Promise<void>, then: () => void): void {
    const failed = (error: unknown): void => this.#storeFailed(error)
    durable
      .then(() => {
        if (!this.#dead) then()
      }, failed)
      .catch(failed)
  }

  /** Its end may be followed by late words; if those can't be stored, it stands all the same once it is durable. */
  #leave(durable: Promise<void>, tell: () => void): void {
    this.#leaving = durable.then(() => {
      tell()
      this.#end()
    })
    this.#leaving.catch((error: unknown) => this.#storeFailed(error))
  }

  /** Takes a move back that was not written, and tells the session why. */
  #undo({ before, entry }: Move<State, Change, Effect>, error: unknown): void {
    const instead = this.#guarded.undoneBy(error)
    const event = isFinalState(before.name) ? undefined : instead
    if (event === undefined) {
      this.#storeFailed(error)
      return
    }
    this.#state = before
    this.#record.takeBack(entry)
    this.#queue.unshift(event)
  }

  #unwritable(instead: Event | RunnerEvent | undefined, error: unknown): void {
    if (instead === undefined) this.#storeFailed(error)
    else this.dispatch(instead)
  }

  /** Makes what tells of a move once that is durable; it tells of the session as it is now. */
  #telling({ moved, recorded, state, entry }: Move<State, Change, Effect>): () => void {
    if (!moved) return () => undefined
    const summary = this.#writer.summary(state)
    return () => {
      this.#told = state
      this.#init.observer.moved(summary, [entry], recorded)
    }
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
    this.#timers.clear()
    this.#unwritten.drop()
    const { observer, extent } = this.#init
    observer.ended(this.#writer.summary(this.#state), extent)
  }

  /**
   * Ends the session without a word or an effect: what could not be stored did not happen. Likewise after a fault of our
   * own code that no event can tell of.
   */
  #storeFailed(error: unknown): void {
    if (this.#dead) return
    this.#dead = true
    this.#queue.length = 0
    this.#timers.clear()
    this.#unwritten.drop()
    this.#scope.end()
    const tell = (): void => this.#init.observer.storeFailed(error)
    if (this.#leaving === undefined) tell()
    else this.#leaving.then(tell, tell)
  }

  #armStep(): void {
    const scope = this.#scope
    this.#timers.armStep(this.#state.name, () => {
      if (!scope.over) this.dispatch({ type: 'stepDeadline' })
    })
  }
}

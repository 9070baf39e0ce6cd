import { WorkLostError } from '../errors.ts'
import { isFinalState } from '../machine/deadlines.ts'
import type { MachineTransition } from '../machine/transition.ts'
import type { SessionSummary } from '../ports/session-summary.ts'
import type { Lost } from '../ports/work.ts'
import { AskedStore } from './asked-store.ts'
import { AwaitedStore } from './awaited-store.ts'
import { EventQueue } from './event-queue.ts'
import { GuardedMachine } from './guarded-machine.ts'
import { ends, isCertainEnd, isInternalMove, type Move, mayWait, urgencyOf } from './move.ts'
import type { RunnerObserver, RunnerPorts } from './runner-init.ts'
import { SessionEnding } from './session-ending.ts'
import type { RunnerEvent, SessionLook, SessionMachine, StateName } from './session-machine.ts'
import { SessionRecord } from './session-record.ts'
import { SessionReport } from './session-report.ts'
import { SessionStep } from './session-step.ts'
import { SessionWriter, type WrittenMove } from './session-writer.ts'
import { UnwrittenMoves } from './unwritten-moves.ts'
import { type AppliedOr, whenApplied } from './when-applied.ts'

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
  readonly #ports: RunnerPorts
  readonly #step: SessionStep
  readonly #record: SessionRecord
  readonly #writer: SessionWriter<State, Event, Change, Effect, Found>
  readonly #unwritten: UnwrittenMoves
  readonly #store: AwaitedStore
  readonly #report: SessionReport<State>
  readonly #events: EventQueue<Event | RunnerEvent>
  readonly #ending: SessionEnding<State>
  /** The store outside of transitions. If it fails, the session is over. */
  readonly asked: AskedStore
  #state: State

  constructor(
    machine: SessionMachine<State, Event, Change, Effect, Found>,
    start: State,
    ports: RunnerPorts,
    observer: RunnerObserver,
  ) {
    const { clock, config } = ports
    this.#machine = machine
    this.#guarded = new GuardedMachine(machine)
    this.#ports = ports
    this.#step = new SessionStep(clock, config, this)
    this.#record = new SessionRecord(machine.side, clock)
    this.#store = new AwaitedStore(ports, config.stepTimeoutMs, this)
    this.#events = new EventQueue(this)
    this.asked = new AskedStore(this.#store, this)
    this.#writer = new SessionWriter(machine, this.#store, this.#record)
    this.#unwritten = new UnwrittenMoves(clock)
    this.#state = start
    this.#report = new SessionReport(observer, machine.extent, this, start)
    this.#ending = new SessionEnding({
      events: this.#events,
      step: this.#step,
      store: this.#store,
      unwritten: this.#unwritten,
      report: this.#report,
    })
  }

  get state(): State {
    return this.#state
  }

  /** The facts that this session's writes have found out so far. */
  get found(): Partial<Found> {
    return this.#writer.found
  }

  /** As `SessionWriter`'s. */
  takeFound<Name extends keyof Found>(name: Name): Partial<Found>[Name] {
    return this.#writer.takeFound(name)
  }

  /** As `SessionEnding`'s `hasBegun`. */
  get isEnding(): boolean {
    return this.#ending.hasBegun
  }

  /** When the session must be over, milliseconds since the epoch. */
  get deadline(): number {
    return this.#record.startedAt + this.#ports.config.sessionTimeoutMs
  }

  /** Where it is, and for how long, ms. */
  look(state = this.#state): SessionLook {
    return { summary: this.summary(state), idleMs: this.#record.idleMs }
  }

  /** As it was told last, without what may have been lost since. */
  lookBack(): SessionLook {
    return this.look(this.#report.told)
  }

  /** Arms the session's deadline. Called once, before the first event. */
  start(): void {
    this.#step.start(this.#state.name)
  }

  /** As `SessionEnding`'s. */
  giveUp(): void {
    this.#ending.giveUp()
  }

  dispatch(event: Event | RunnerEvent): void {
    this.#events.dispatch(event)
  }

  /** True if it is over without a word. */
  get isOver(): boolean {
    return this.#events.isOver
  }

  summary(state: State): SessionSummary {
    return this.#writer.summary(state)
  }

  overdue(type: 'stepDeadline' | 'sessionDeadline'): void {
    this.#store.overdue()
    this.dispatch({ type })
  }

  /** @returns true if the session now waits for the disk */
  take(given: Event | RunnerEvent): boolean {
    const before = this.#state
    const { answer, event } = this.#guarded.step(before, given)
    if (answer.state === before && answer.changes.length + answer.effects.length === 0) return false
    const move = this.#enter(before, answer, event)
    if (mayWait(move, this.#machine)) {
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
    if (moved) this.#step.enter(state.name)
    const recorded = !this.#guarded.isClosed && this.#machine.isRecorded(state)
    return { ...answer, before, entry, summary: this.summary(state), moved, recorded }
  }

  /** @returns true if it is on its way to the store */
  #commit(move: Move<State, Change, Effect>): boolean {
    let written: WrittenMove
    try {
      written = this.#writer.write(move, urgencyOf(move, this.#machine))
    } catch (error) {
      this.#undo(move, this.#guarded.undoneBy(error), error)
      return false
    }
    const isCertain = isCertainEnd(move, this.#machine)
    if (isCertain) {
      // Whoever hears of its outcome may end the process: all else has begun by then.
      this.#perform(move)
      this.#report.certain(move, written.durable)
    } else if (ends(move)) this.#store.limit()
    this.#whenApplied(written, {
      applied: () => this.#applied(move, written.durable, isCertain),
      lost: (lost) => this.#lost(move, lost),
      failed: (error) => this.#undo(move, this.#guarded.undoneBy(error), error),
    })
    return true
  }

  #whenApplied(written: WrittenMove, then: AppliedOr): void {
    const goOn = (): void => this.#events.goOn()
    whenApplied(written, then, goOn, (error) => this.storeFailed(error))
  }

  /** @param isPerformed its effects have begun already */
  #applied(
    move: Move<State, Change, Effect>,
    durable: Promise<void>,
    isPerformed: boolean,
  ): boolean {
    this.#guarded.applied()
    const tell = move.recorded
      ? this.#unwritten.settle(this.#report.moved(move))
      : this.#report.moved(move)
    if (isInternalMove(move, this.#machine)) {
      if (!this.#events.isOver && !isPerformed) this.#perform(move)
      if (ends(move)) this.#report.leave(durable, tell)
      else this.#report.whenDurable(durable, tell)
      return false
    }
    this.#report.whenDurable(durable, tell, () => {
      this.#performed(move)
      this.#events.goOn()
    })
    return true
  }

  #lost(move: Move<State, Change, Effect>, lost: Lost): void {
    // Given up meanwhile: it did not come so far.
    if (this.#events.isOver) this.#state = move.before
    else this.#undo(move, this.#guarded.lostBy(lost, move.changes), new WorkLostError(lost.why))
  }

  /** Writes what waits for the next move, because none came. */
  #catchUp(): void {
    // A move that is on its way takes with it what waits.
    if (this.#unwritten.isEmpty || !this.#events.hold()) return
    let written: WrittenMove
    try {
      written = this.#writer.catchUp(this.#state)
    } catch (error) {
      return this.storeFailed(error)
    }
    this.#whenApplied(written, {
      applied: () => {
        this.#guarded.applied()
        this.#report.whenDurable(written.durable, this.#unwritten.settle())
        return false
      },
      lost: (lost) => {
        const instead = this.#guarded.lostBy(lost, [])
        if (instead === undefined) this.storeFailed(new WorkLostError(lost.why))
        else this.#events.addFirst(instead)
      },
      failed: (error) => this.unanswered(error),
    })
  }

  /** Takes a move back that was not written, and tells the session why, if it knows of that. */
  #undo(
    { before, entry }: Move<State, Change, Effect>,
    instead: Event | RunnerEvent | undefined,
    error: unknown,
  ): void {
    if (this.#events.isOver) return
    const event = isFinalState(before.name) ? undefined : instead
    if (event === undefined) return this.storeFailed(error)
    this.#state = before
    this.#record.takeBack(entry)
    this.#events.addFirst(event)
  }

  /** The store, or what heard its answer, has failed outside a transition. */
  unanswered(error: unknown): void {
    const instead = this.#guarded.faultOf(error)
    if (instead === undefined) this.storeFailed(error)
    else this.dispatch(instead)
  }

  /** Performs the effects of a move that is durable, or need not be. */
  #performed(move: Move<State, Change, Effect>): void {
    if (ends(move)) this.#ending.begin()
    this.#perform(move)
    if (ends(move)) this.end()
  }

  #perform({ effects }: Move<State, Change, Effect>): void {
    this.#guarded.perform(effects, this.#step.scope, (event) => this.#events.add(event))
  }

  end(): void {
    this.#ending.end()
  }

  /** As `SessionEnding`'s. */
  storeFailed(error: unknown): void {
    this.#ending.storeFailed(error)
  }
}

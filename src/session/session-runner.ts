import { FenceLostError } from './fence-lost-error.ts'
import { type Deadlines, isFinal, stepLimitMs } from './machine/deadlines.ts'
import type { DialerStateName } from './machine/dialer-state.ts'
import type { ListenerStateName } from './machine/listener-state.ts'
import type { Transition } from './machine/transition.ts'
import type { Clock, Timer } from './ports/clock.ts'
import type { JournalEntry, SessionStore, SessionSummary, StoreTransaction } from './ports/store.ts'
import { StepScope } from './step-scope.ts'

type StateName = ListenerStateName | DialerStateName

/** What one side's session tells the runner about its machine. */
export interface Machine<State extends { name: StateName }, Event extends object, Change, Effect> {
  step(state: State, event: Event): Transition<State, Change, Effect>
  /** From this state on the session is in the store. */
  isRecorded(state: State): boolean
  /** The fields that depend on the state. */
  facts(state: State): SessionFacts
  /** @throws FenceLostError if somebody took over */
  apply(change: Change, transaction: StoreTransaction, state: State): void
  /** The transition's trace in the audit, in the same transaction. */
  audit(path: readonly JournalEntry[], transaction: StoreTransaction, state: State): void
  /** Begin the effect. Its result comes back through `dispatch`. Must not throw. */
  perform(effect: Effect, scope: StepScope): void
  /** Effects without a trace outside this process need not wait for the disk. */
  isInternal(effect: Effect): boolean
  /** The event that ends a session which lost its redemption to another one. */
  readonly superseded: Event
  readonly stepDeadline: Event
  readonly sessionDeadline: Event
}

export type SessionFacts = Omit<SessionSummary, 'side' | 'startedAt' | 'endedAt' | 'durationMs'>

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
  readonly #machine: Machine<State, Event, Change, Effect>
  readonly #init: RunnerInit
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
  #ended = false
  #stepTimer: Timer | undefined
  #sessionTimer: Timer | undefined

  constructor(machine: Machine<State, Event, Change, Effect>, start: State, init: RunnerInit) {
    this.#machine = machine
    this.#init = init
    this.#state = start
    this.#startedAt = init.clock.now()
    this.#startedMono = init.clock.monotonic()
    this.#stepSince = this.#startedMono
  }

  get state(): State {
    return this.#state
  }

  /** False once the session is over. */
  get live(): boolean {
    return !this.#dead && !isFinal(this.#state.name)
  }

  /** When the session must be over, milliseconds since the epoch. */
  get deadline(): number {
    return this.#startedAt + this.#init.deadlines.sessionTimeoutMs
  }

  /** Arm the session's deadline. Called once, before the first event. */
  start(): void {
    const { clock, deadlines } = this.#init
    this.#sessionTimer = clock.after(deadlines.sessionTimeoutMs, () =>
      this.dispatch(this.#machine.sessionDeadline),
    )
    this.#armStep()
  }

  dispatch(event: Event): void {
    if (this.#dead) return
    this.#queue.push(event)
    this.#pump()
  }

  #pump(): void {
    if (this.#busy) return
    this.#busy = true
    let event = this.#queue.shift()
    while (event !== undefined && !this.#dead) {
      if (this.#take(event)) return
      event = this.#queue.shift()
    }
    this.#busy = false
  }

  /** True if the session now waits for the disk, and `#pump` will be called again after that. */
  #take(event: Event): boolean {
    const before = this.#state
    const transition = this.#machine.step(before, event)
    const moved = transition.state.name !== before.name
    if (
      transition.state === before &&
      transition.changes.length + transition.effects.length === 0
    ) {
      return false
    }
    const entry = this.#enter(before.name, transition.state, event)
    const durableNow = moved && this.#machine.isRecorded(transition.state)
    if (!durableNow && transition.changes.length === 0) {
      this.#afterwards([entry], transition, false)
      return false
    }
    return this.#commit(before, entry, transition)
  }

  #enter(from: StateName, state: State, event: Event): JournalEntry {
    const mono = this.#init.clock.monotonic()
    this.#seq += 1
    const entry: JournalEntry = {
      seq: this.#seq,
      from,
      to: state.name,
      event: journalText(event),
      at: this.#init.clock.now(),
      ms: Math.round((mono - this.#stepSince) * 1000) / 1000,
    }
    this.#state = state
    if (from !== state.name) {
      this.#stepSince = mono
      this.#scope.end()
      this.#scope = new StepScope()
      this.#armStep()
    }
    this.#unsaved.push(entry)
    return entry
  }

  #commit(
    before: State,
    entry: JournalEntry,
    transition: Transition<State, Change, Effect>,
  ): boolean {
    const path = this.#unsaved
    const recorded = this.#machine.isRecorded(transition.state)
    let durable: Promise<void>
    try {
      durable = this.#init.store.transact((transaction) => {
        for (const change of transition.changes) {
          this.#machine.apply(change, transaction, transition.state)
        }
        if (recorded) this.#record(path, transaction, transition.state, before)
      }).durable
    } catch (error) {
      return this.#commitFailed(error, before, entry)
    }
    if (recorded) this.#unsaved = []
    if (transition.effects.every((effect) => this.#machine.isInternal(effect))) {
      this.#afterwards([entry], transition, recorded)
      if (isFinal(transition.state.name)) this.#endAfter(durable)
      else durable.catch((error: unknown) => this.#storeFailed(error))
      return false
    }
    durable.then(
      () => {
        this.#afterwards([entry], transition, recorded)
        if (isFinal(transition.state.name)) this.#end()
        this.#busy = false
        this.#pump()
      },
      (error: unknown) => this.#storeFailed(error),
    )
    return true
  }

  #record(
    path: readonly JournalEntry[],
    transaction: StoreTransaction,
    state: State,
    before: State,
  ): void {
    // A late acknowledgment adds to the journal; the session itself ended before.
    if (!isFinal(before.name)) transaction.saveSession(this.#summary(state))
    transaction.appendJournal(this.#machine.facts(state).id, path)
    this.#machine.audit(path, transaction, state)
  }

  /** Nothing was written. A lost fence ends this session; anything else is the store's failure. */
  #commitFailed(error: unknown, before: State, entry: JournalEntry): boolean {
    if (!(error instanceof FenceLostError) || isFinal(before.name)) {
      this.#storeFailed(error)
      return false
    }
    this.#state = before
    this.#unsaved = this.#unsaved.filter((each) => each !== entry)
    this.#seq -= 1
    this.#queue.length = 0
    this.#queue.push(this.#machine.superseded)
    return false
  }

  #afterwards(
    path: readonly JournalEntry[],
    transition: Transition<State, Change, Effect>,
    recorded: boolean,
  ): void {
    const [last] = path
    if (last !== undefined && last.from !== last.to) {
      this.#init.observer.moved(this.#summary(transition.state), path, recorded)
    }
    this.#performAll(transition.effects)
    if (!recorded && isFinal(transition.state.name)) this.#end()
  }

  #performAll(effects: readonly Effect[]): void {
    const scope = this.#scope
    for (const effect of effects) this.#machine.perform(effect, scope)
  }

  #endAfter(durable: Promise<void>): void {
    durable.then(
      () => this.#end(),
      (error: unknown) => this.#storeFailed(error),
    )
  }

  #end(): void {
    if (this.#ended) return
    this.#ended = true
    this.#clearTimers()
    this.#init.observer.ended(this.#summary(this.#state))
  }

  /** What could not be stored did not happen: no word to the peer, no effect, only the end. */
  #storeFailed(error: unknown): void {
    if (this.#dead) return
    this.#dead = true
    this.#queue.length = 0
    this.#clearTimers()
    this.#scope.end()
    this.#init.observer.storeFailed(error)
  }

  #armStep(): void {
    this.#stepTimer?.clear()
    const limit = stepLimitMs(this.#state.name, this.#init.deadlines)
    if (limit === undefined) {
      this.#clearTimers()
      return
    }
    const scope = this.#scope
    this.#stepTimer = this.#init.clock.after(limit, () => {
      if (!scope.over) this.dispatch(this.#machine.stepDeadline)
    })
  }

  #clearTimers(): void {
    this.#stepTimer?.clear()
    this.#sessionTimer?.clear()
    this.#stepTimer = undefined
    this.#sessionTimer = undefined
  }

  #summary(state: State): SessionSummary {
    const { clock, side } = this.#init
    const summary = { ...this.#machine.facts(state), side, startedAt: this.#startedAt }
    if (!isFinal(state.name)) return summary
    const durationMs = Math.round((clock.monotonic() - this.#startedMono) * 1000) / 1000
    return { ...summary, endedAt: clock.now(), durationMs }
  }
}

/** The draft is in the tally; the journal needs only to tell which one it was. */
function journalText(event: object): string {
  if ('built' in event) return JSON.stringify({ ...event, built: withoutDraftText(event.built) })
  if ('approval' in event && isObject(event.approval) && 'built' in event.approval) {
    const built = withoutDraftText(event.approval.built)
    return JSON.stringify({ ...event, approval: { ...event.approval, built } })
  }
  return JSON.stringify(event)
}

function withoutDraftText(built: unknown): unknown {
  if (!isObject(built) || !('draft' in built) || !isObject(built.draft)) return built
  return { ...built, draft: { ...built.draft, text: '' } }
}

function isObject(value: unknown): value is object {
  return typeof value === 'object' && value !== null
}

import { isFinalState } from '../machine/deadlines.ts'
import type { SessionSummary } from '../ports/session-summary.ts'
import type { SessionStore } from '../ports/store.ts'
import type { Applied, Submitted, Urgency, Work } from '../ports/work.ts'
import type { Write } from '../ports/write.ts'
import type { Move } from './move.ts'
import type { SessionMachine, StateName } from './session-machine.ts'
import type { SessionRecord } from './session-record.ts'

/** A move on its way to the store. */
export interface WrittenMove extends Submitted {
  /** To be called when it is applied, before anything else is written. */
  hear(applied: Applied): void
}

/** Brings one session's moves into the store: state, journal, audit and what else they change, in one piece of work. */
export class SessionWriter<
  State extends { name: StateName },
  Event extends object,
  Change,
  Effect,
  Found extends object,
> {
  readonly #machine: SessionMachine<State, Event, Change, Effect, Found>
  readonly #store: SessionStore
  readonly #record: SessionRecord
  #found: Partial<Found> = {}

  constructor(
    machine: SessionMachine<State, Event, Change, Effect, Found>,
    store: SessionStore,
    record: SessionRecord,
  ) {
    this.#machine = machine
    this.#store = store
    this.#record = record
  }

  summary(state: State): SessionSummary {
    const facts = this.#machine.facts(state)
    return isFinalState(state.name)
      ? this.#record.finalSummary(facts, this.#machine.exchange)
      : this.#record.summary(facts)
  }

  /** The facts that the changes so far have found out. */
  get found(): Partial<Found> {
    return this.#found
  }

  /** Returns a fact that is needed once, and forgets it. */
  takeFound<Name extends keyof Found>(name: Name): Partial<Found>[Name] {
    const { [name]: taken, ...left } = this.#found
    this.#found = left as Partial<Found>
    return taken
  }

  /** Writes one move. One at a time. @throws what undoes the move before it is written */
  write(move: Move<State, Change, Effect>, urgency: Urgency): WrittenMove {
    const { before, state, changes, recorded, summary } = move
    const prepared = changes.map((change) => this.#machine.prepare(change))
    const work: Write[] = recorded ? [...this.#machine.quote(before, state)] : []
    const placed = prepared.map(({ writes, found }) => ({
      at: work.push(...writes) - writes.length,
      found,
    }))
    if (recorded) work.push(...this.#save(before, state, summary))
    const submitted = this.#store.submit(work, urgency)
    return {
      ...submitted,
      hear: (applied) => {
        const { answers } = applied
        const found = placed.map((each) => each.found?.(answers.slice(each.at)))
        this.#found = Object.assign({}, this.#found, ...found)
        this.#heard(work, applied, submitted.durable, recorded)
      },
    }
  }

  /** Writes what was noted and not written yet. One at a time. */
  catchUp(state: State): WrittenMove {
    const work = [
      ...this.#machine.quote(state, state),
      ...this.#save(state, state, this.summary(state)),
    ]
    const submitted = this.#store.submit(work)
    return {
      ...submitted,
      hear: (applied) => this.#heard(work, applied, submitted.durable, true),
    }
  }

  #heard(work: Work, applied: Applied, durable: Promise<void>, recorded: boolean): void {
    this.#machine.applied(work, applied, durable)
    if (recorded) this.#record.written()
  }

  #save(before: State, state: State, summary: SessionSummary): readonly Write[] {
    const record = isFinalState(before.name)
      ? this.#record.appendLate(summary)
      : this.#record.save(summary)
    return [record, ...this.#machine.trace(this.#record.unwritten, state, summary)]
  }
}

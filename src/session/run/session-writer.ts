import { isFinalState } from '../machine/deadlines.ts'
import type { SessionSummary } from '../ports/session-summary.ts'
import type { SessionStore, StoreTransaction } from '../ports/store.ts'
import type { Move } from './move.ts'
import type { SessionMachine, StateName } from './session-machine.ts'
import type { SessionRecord } from './session-record.ts'

/** Brings one session's moves into the store: state, journal, audit and what else they change, in one transaction. */
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
    return this.#record.summary(this.#machine.facts(state), isFinalState(state.name))
  }

  /** The facts that the changes so far have found out. */
  get found(): Partial<Found> {
    return this.#found
  }

  /** Writes one move. @returns resolves when it is durable @throws what undoes the move */
  write(move: Move<State, Change, Effect>): Promise<void> {
    const { before, state, changes, recorded } = move
    const { value: found, durable } = this.#store.transact((transaction) => {
      if (recorded) this.#machine.mayWrite(before, state, transaction)
      const found = changes.map((change) => this.#machine.apply(change, transaction))
      if (recorded) this.#save(before, state, transaction)
      return found
    })
    this.#found = Object.assign({}, this.#found, ...found)
    if (recorded) this.#record.written()
    return durable
  }

  /** Writes what was noted and not written yet. @returns resolves when it is durable @throws as `write` */
  catchUp(state: State): Promise<void> {
    const { durable } = this.#store.transact((transaction) => {
      this.#machine.mayWrite(state, state, transaction)
      this.#save(state, state, transaction)
    })
    this.#record.written()
    return durable
  }

  #save(before: State, state: State, transaction: StoreTransaction): void {
    if (isFinalState(before.name)) this.#record.writeLate(transaction, this.#machine.facts(state))
    else this.#record.write(transaction, this.summary(state))
    this.#machine.audit(this.#record.unwritten, transaction, state)
  }
}

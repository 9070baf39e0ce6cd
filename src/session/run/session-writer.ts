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
> {
  readonly #machine: SessionMachine<State, Event, Change, Effect>
  readonly #store: SessionStore
  readonly #record: SessionRecord

  constructor(
    machine: SessionMachine<State, Event, Change, Effect>,
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

  /** @returns resolves when it is durable @throws what undoes the move */
  write(move: Move<State, Change, Effect>): Promise<void> {
    const { before, state, changes, recorded } = move
    const { durable } = this.#store.transact((transaction) => {
      if (recorded) this.#machine.mayWrite(before, state, transaction)
      for (const change of changes) this.#machine.apply(change, transaction)
      if (recorded) this.#save(before, state, transaction)
    })
    if (recorded) this.#record.written()
    return durable
  }

  /** What was noted and not written. @returns resolves when it is durable @throws as `write` */
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

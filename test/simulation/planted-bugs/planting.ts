import type { ReapTransaction } from '../../../src/session/ports/reap.ts'
import type { SessionStore, StoreTransaction } from '../../../src/session/ports/store.ts'

/** The same store, with some of its transactions' methods replaced. */
export function alteredStore(
  own: SessionStore,
  alter: (transaction: StoreTransaction) => Partial<StoreTransaction>,
): SessionStore {
  return {
    query: (work) => own.query(work),
    transact: (work) => own.transact((transaction) => work(altered(transaction, alter))),
  }
}

function altered<Part extends object>(part: Part, alter: (part: Part) => Partial<Part>): Part {
  const changes = alter(part)
  return new Proxy(part, {
    get: (target, name) => {
      const change: unknown = Reflect.get(changes, name)
      if (change !== undefined) return change
      const member: unknown = Reflect.get(target, name, target)
      return typeof member === 'function' ? member.bind(target) : member
    },
  })
}

/** What reaping does in a transaction, with some of it replaced. */
export function alteredReaping(
  { reaping }: StoreTransaction,
  alter: (reaping: ReapTransaction) => Partial<ReapTransaction>,
): Partial<StoreTransaction> {
  return { reaping: altered(reaping, alter) }
}

/** Replace one answer of a machine's table for a while. The types of tables are readonly; the objects are not. */
export function alteredRow<Row extends object, Event extends keyof Row>(
  row: Row,
  event: Event,
  make: (original: Row[Event]) => Row[Event],
): () => void {
  const original = row[event]
  Reflect.set(row, event, make(original))
  return () => void Reflect.set(row, event, original)
}

/** Several at once. */
export function allOf(...undo: readonly (() => void)[]): () => void {
  return () => {
    for (const each of undo) each()
  }
}

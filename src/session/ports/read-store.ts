import type { SessionStore, StoreTransaction } from './store.ts'

/**
 * Reads outside a transition. The result may belong to a batch that is still on its way to the disk; a write that rests
 * on it goes into the same batch or a later one.
 * @throws StoreError
 */
export function readStore<Result>(
  store: SessionStore,
  work: (transaction: StoreTransaction) => Result,
): Result {
  const { value, durable } = store.transact(work)
  // A lost batch is reported to its writers.
  durable.catch(() => undefined)
  return value
}

import type { SessionStore, StoreTransaction } from './store.ts'

/**
 * Read outside a transition. What is read may belong to a batch that is still on its way to the disk; whatever
 * is written on the strength of it goes into the same batch or a later one.
 * @throws StoreError
 */
export function readStore<Result>(
  store: SessionStore,
  work: (transaction: StoreTransaction) => Result,
): Result {
  const { value, durable } = store.transact(work)
  // A lost batch is told to those who wrote in it.
  durable.catch(() => undefined)
  return value
}

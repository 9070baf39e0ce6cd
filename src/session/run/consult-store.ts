import type { SessionStore, StoreTransaction } from '../ports/store.ts'

/**
 * Asks the store outside a transition.
 * @param then gets the value, provisional until `durable` resolves; not called if `work` throws
 * @param failed hears of what `work` or the store throws
 * @param lost hears that what was written did not reach the disk
 */
export function consultStore<Result>(
  store: SessionStore,
  work: (transaction: StoreTransaction) => Result,
  then: (value: Result, durable: Promise<void>) => void,
  { failed, lost }: { failed(error: unknown): void; lost(error: unknown): void },
): void {
  let asked: { readonly value: Result; readonly durable: Promise<void> }
  try {
    asked = store.transact(work)
  } catch (error) {
    failed(error)
    return
  }
  asked.durable.catch(lost)
  then(asked.value, asked.durable)
}

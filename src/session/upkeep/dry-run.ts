import type { SessionStore, StoreTransaction } from '../ports/store.ts'

/**
 * Runs a transaction; in a dry run all of it is undone again, so that both return the same.
 * @throws StoreError
 */
export async function transactOrDryRun<Result>(
  store: SessionStore,
  dryRun: boolean,
  work: (transaction: StoreTransaction) => Result,
): Promise<Result> {
  if (!dryRun) {
    const { value, durable } = store.transact(work)
    await durable
    return value
  }
  let found: { readonly value: Result } | undefined
  try {
    store.transact((transaction) => {
      found = { value: work(transaction) }
      throw new DryRunOver()
    })
  } catch (error) {
    if (!(error instanceof DryRunOver)) throw error
  }
  if (found === undefined) throw new TypeError('a dry run came to nothing')
  return found.value
}

/** Undoes the writes of a dry run. Never leaves this file. */
class DryRunOver extends Error {
  override readonly name = 'RehearsalOver'
}

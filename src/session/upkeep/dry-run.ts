import type { SessionStore, StoreTransaction } from '../ports/store.ts'

/**
 * Do it, or only find out what would be done: then all of it is undone again, so that both tell the same.
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
  if (found === undefined) throw new TypeError('a rehearsal came to nothing')
  return found.value
}

/** Undoes what a rehearsal wrote. Never leaves this file. */
class DryRunOver extends Error {
  override readonly name = 'RehearsalOver'
}

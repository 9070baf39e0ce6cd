import type { SessionStore } from '../ports/store.ts'
import { readStore } from '../read-store.ts'

/**
 * Free what processes held that are gone, so that nobody waits for their leases to run out.
 * @param isGone true only if that is certain
 * @throws StoreError
 */
export async function freeDeadLeases(
  store: SessionStore,
  isGone: (process: string) => boolean,
): Promise<void> {
  const dead = readStore(store, (transaction) => transaction.leaseHolders()).filter(isGone)
  if (dead.length === 0) return
  await store.transact((transaction) => {
    for (const each of dead) transaction.freeLeases(each)
  }).durable
}

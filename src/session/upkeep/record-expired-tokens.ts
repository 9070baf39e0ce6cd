import type { Clock } from '../ports/clock.ts'
import { readStore } from '../ports/read-store.ts'
import type { SessionStore } from '../ports/store.ts'

/** Tokens marked in one transaction. */
const BATCH = 100

/** Records, once, each invitation that expired with a use left, and marks it as recorded. @throws StoreError */
export async function recordExpiredTokens({
  store,
  clock,
}: {
  readonly store: SessionStore
  readonly clock: Clock
}): Promise<void> {
  const now = clock.now()
  if (!readStore(store, ({ expiry }) => expiry.isDue(now))) return
  for (;;) {
    const { value: isDone, durable } = store.transact((transaction) => {
      const expired = transaction.expiry.note(now, BATCH)
      for (const { tokenId, ...data } of expired ?? []) {
        transaction.appendAudit({
          type: 'token',
          severity: 'info',
          at: now,
          monotonic: clock.monotonic(),
          tokenId,
          data: { event: 'expired', ...data },
        })
      }
      return expired === undefined
    })
    await durable
    if (isDone) return
  }
}

import type { Clock } from '../ports/clock.ts'
import type { SessionStore } from '../ports/store.ts'
import { answered } from '../ports/written.ts'

/** Tokens noted at once. */
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
  if (!(await store.lookups.tokens.hasExpired(now))) return
  const monotonic = clock.monotonic()
  let isMore = true
  while (isMore) {
    const write = { op: 'noteExpiries', now, monotonic, limit: BATCH } as const
    isMore = (await answered(store, 'noteExpiries', write)).expired !== undefined
  }
}

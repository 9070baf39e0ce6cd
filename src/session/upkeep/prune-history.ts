import type { SessionConfig } from '../config/session-config.ts'
import type { SessionStore } from '../ports/store.ts'
import { answered } from '../ports/written.ts'

/** Runs in one go. The rest waits for the next: 20,000 sessions every ten seconds is more than a node makes. */
const MAX_RUNS = 40

/** Deletes ended sessions beyond `maxSessionHistory`, some hundred at a time. */
export async function pruneHistory({
  store,
  config,
  storeFailed,
}: {
  readonly store: SessionStore
  readonly config: Pick<SessionConfig, 'maxSessionHistory'>
  /** The store failed where no session waits for it. */
  storeFailed(error: unknown): void
}): Promise<void> {
  try {
    for (let run = 0; run < MAX_RUNS; run += 1) {
      const { isMore } = await answered(store, 'pruneHistory', {
        op: 'pruneHistory',
        keep: config.maxSessionHistory,
      })
      if (!isMore) return
    }
  } catch (error) {
    storeFailed(error)
  }
}

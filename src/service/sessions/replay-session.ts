import type { SessionSummary } from '../../session/ports/session-summary.ts'
import { checkReplay, type ReplayVerdict } from '../../session/recovery/check-replay.ts'
import type { RecordStore } from '../../store/query/record-store.ts'
import { sessionRecords } from '../../store/records/session-records.ts'

/** A journal that was replayed. */
export interface Replayed extends ReplayVerdict {
  readonly entries: number
  /** The state that is stored. */
  readonly summary: SessionSummary
}

/**
 * Derives a session again from its journal, and compares it with the stored state.
 * @returns undefined if its journal is not kept
 * @throws StoreError
 */
export async function replaySession(
  store: Pick<RecordStore, 'query'>,
  id: string,
): Promise<Replayed | undefined> {
  const [summary, entries] = await store.query(function* () {
    return [yield* sessionRecords.find(id), yield* sessionRecords.entries(id)] as const
  })
  if (summary === undefined || entries.length === 0) return undefined
  return { ...checkReplay(summary, entries), entries: entries.length, summary }
}

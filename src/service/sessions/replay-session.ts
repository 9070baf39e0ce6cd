import { isDeepStrictEqual } from 'node:util'
import type { JournalEntry, SessionSummary } from '../../session/ports/session-summary.ts'
import { checkReplay, type ReplayVerdict } from '../../session/recovery/check-replay.ts'
import type { Store } from '../../store/transaction/store.ts'

/** A journal that was replayed. */
export interface Replayed extends ReplayVerdict {
  readonly entries: number
  /** The state that is stored. */
  readonly summary: SessionSummary
}

/** A session changes between two looks at it only while it is under way, and then a few times a second. */
const LOOKS = 20

/**
 * Derives a session again from its journal, and compares it with the stored state.
 * @returns undefined if its journal is not kept
 * @throws StoreError
 */
export function replaySession(store: Store, id: string): Replayed | undefined {
  const [summary, entries] = steadyLook(store, id)
  if (summary === undefined || entries.length === 0) return undefined
  return { ...checkReplay(summary, entries), entries: entries.length, summary }
}

/** Another process may be writing: summary and journal have to be of the same moment. */
function steadyLook(
  store: Store,
  id: string,
): readonly [SessionSummary | undefined, readonly JournalEntry[]] {
  return store.read(({ sessions }) => {
    for (let look = 1; ; look += 1) {
      const summary = sessions.find(id)
      const entries = sessions.entries(id)
      const isSteady =
        isDeepStrictEqual(sessions.find(id), summary) &&
        sessions.entries(id).length === entries.length
      if (isSteady || look === LOOKS) return [summary, entries]
    }
  })
}

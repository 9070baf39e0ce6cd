import type { JournalEntry, SessionSummary } from '../../session/ports/session-summary.ts'
import type { Query } from '../../store/query/query.ts'
import { sessionRecords } from '../../store/records/session-records.ts'

/**
 * Until when the inviter keeps the place of a request of this side's that waits for its word, ms since the epoch.
 * @returns undefined if it does not wait, or not any more: a later session has gone on
 */
export function* awaitedUntil(session: SessionSummary): Query<number | undefined> {
  const { id, side, reason, tokenId } = session
  if (side !== 'dialer' || reason !== 'pending' || tokenId === undefined) return undefined
  const [newest] = yield* sessionRecords.list({ side, tokenId, limit: 1 })
  return newest?.id === id ? lastPending(yield* sessionRecords.entries(id)) : undefined
}

/** The same of the last session about an invitation. */
export function* lastAwaitedUntil(tokenId: string): Query<number | undefined> {
  const [newest] = yield* sessionRecords.list({ side: 'dialer', tokenId, limit: 1 })
  return newest && (yield* awaitedUntil(newest))
}

function lastPending(entries: readonly JournalEntry[]): number | undefined {
  const event = entries.findLast(({ event: text }) => text.includes('"pendingUntil"'))?.event
  if (event === undefined) return undefined
  try {
    const until: unknown = Object(Object(JSON.parse(event))['refusal'])['pendingUntil']
    return typeof until === 'number' ? until : undefined
  } catch {
    return undefined
  }
}

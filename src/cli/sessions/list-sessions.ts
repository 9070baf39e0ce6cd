import {
  countSessionsLike,
  type ListedSession,
  listSessions,
} from '../../service/sessions/session-history.ts'
import { withContext } from '../context.ts'
import type { Locations } from '../locations.ts'
import { jsonText } from '../text/json-text.ts'
import { ofAllText } from '../text/of-all.ts'
import { peerText } from '../text/peer-text.ts'
import { line, type ScreenText } from '../text/screen-text.ts'
import { shortId } from '../text/short-id.ts'
import { whyText } from '../text/state-text.ts'
import { renderTable } from '../text/table.ts'
import { tallyStatusText } from '../text/tally-status.ts'
import { timeText, tookText } from '../text/time-text.ts'
import { awaitedText, sessionStateText } from './awaited-text.ts'
import type { SessionsLayout } from './layout.ts'
import { type SessionDocument, sessionDocument } from './session-document.ts'
import { type FilterFlags, parseFilter } from './session-filter.ts'

/** A session in a list. */
export interface ListedDocument extends SessionDocument {
  /** Its number on this side: the later it began to be kept, the higher. */
  readonly seq: number
}

/** Sessions, newest first; with `--after` the oldest first. */
export interface SessionsDocument {
  readonly sessions: readonly ListedDocument[]
  /** How many are listed, and how many there are, on all pages. */
  readonly shown: number
  readonly total: number
  /** The value of `--before` for the next page, or of `--after` if that was given; `null`: there are no more. */
  readonly next: number | null
}

/**
 * Finds the sessions that are wanted.
 * @throws UsageError, CommandFailure `ambiguous_id`; DataDirectoryError, StoreError
 */
export async function findSessions(
  locations: Locations,
  flags: FilterFlags,
): Promise<SessionsDocument> {
  return await withContext(locations, async (context) => {
    const store = await context.store()
    const filter = await parseFilter(flags, Date.now(), store)
    const { limit } = filter
    // One more than is shown: whether there are more.
    const found = await listSessions(store, { ...filter, limit: limit + 1 })
    const sessions = found.slice(0, limit).map(listedDocument)
    const next = found.length > limit ? (sessions.at(-1)?.seq ?? null) : null
    const total = await countSessionsLike(store, filter)
    return { sessions, shown: sessions.length, total, next }
  })
}

function listedDocument(session: ListedSession): ListedDocument {
  return { seq: session.seq, ...sessionDocument(session) }
}

export function sessionsText({ sessions }: SessionsDocument, layout: SessionsLayout): ScreenText {
  if (sessions.length === 0) return line('No sessions.')
  const columns = [
    { title: 'id' },
    { title: 'state', shrinkTo: 11 },
    { title: 'side' },
    { title: 'peer', shrinkTo: 12 },
    { title: 'started' },
    { title: 'took', align: 'right' as const },
    { title: 'reason', shrinkTo: 8 },
  ]
  const rows = sessions.map((session) => [
    shortId(session.id, layout.relative),
    sessionStateText(session, layout),
    session.protocol === '2.0.0' ? session.side : `${session.side} ${session.protocol}`,
    peerText(session, layout.relative),
    timeText(Date.parse(session.startedAt), layout),
    tookText(session.durationMs ?? undefined),
    awaitedText(session, layout) ?? reasonText(session),
  ])
  return renderTable(columns, rows, layout)
}

/** How many there are, and the flag to see the rest with; undefined if all are listed. */
export function moreText(document: SessionsDocument, isFollowing: boolean): string | undefined {
  const flag = isFollowing ? '--after' : '--before'
  const next = document.next === null ? undefined : `${flag} ${document.next}`
  return ofAllText(document, 'sessions', next)[0]
}

/** One session a line, for programs that read as it comes. */
export function sessionLines({ sessions }: SessionsDocument): readonly ScreenText[] {
  return sessions.map((session) => jsonText(session))
}

function reasonText({ reason, step, tallyStatus }: SessionDocument): string {
  if (reason === null) return ''
  const held = tallyStatus === 'held' ? `; tally ${tallyStatusText('held')}` : ''
  return `${whyText({ reason, step })}${held}`
}

import { listSessions } from '../../service/session-history.ts'
import { openContext } from '../context.ts'
import type { Locations } from '../locations.ts'
import { shortId, shortPeer } from '../short-id.ts'
import { renderTable } from '../table.ts'
import { statusText } from '../tally-status.ts'
import { timeText, tookText } from '../time-text.ts'
import type { SessionsLayout } from './layout.ts'
import { type SessionDocument, sessionDocument } from './session-document.ts'
import { type FilterFlags, parseFilter } from './session-filter.ts'
import { stateText } from './state-text.ts'

/** Newest first. */
export interface SessionsDocument {
  readonly sessions: readonly SessionDocument[]
}

/** @throws UsageError, DataDirectoryError, StoreError */
export async function findSessions(
  locations: Locations,
  flags: FilterFlags,
): Promise<SessionsDocument> {
  const filter = parseFilter(flags, Date.now())
  const context = openContext(locations)
  try {
    return { sessions: listSessions(await context.store(), filter).map(sessionDocument) }
  } finally {
    context.close()
  }
}

export function sessionsText({ sessions }: SessionsDocument, layout: SessionsLayout): string {
  if (sessions.length === 0) return 'No sessions.'
  const columns = [
    { title: 'id' },
    { title: 'state', shrinkTo: 11 },
    { title: 'side' },
    { title: 'peer' },
    { title: 'started' },
    { title: 'took', align: 'right' as const },
    { title: 'reason', shrinkTo: 8 },
  ]
  const rows = sessions.map((session) => [
    shortId(session.id, layout.relative),
    stateText(session.state, layout.unicode),
    session.side,
    shortPeer(session.peerId, layout.relative),
    timeText(Date.parse(session.startedAt), layout),
    tookText(session.durationMs ?? undefined),
    reasonText(session),
  ])
  return renderTable(columns, rows, layout)
}

/** One session a line, for programs that read as it comes. */
export function sessionLines({ sessions }: SessionsDocument): readonly string[] {
  return sessions.map((session) => JSON.stringify(session))
}

function reasonText({ reason, step, tallyStatus }: SessionDocument): string {
  if (reason === null) return ''
  const held = tallyStatus === 'held' ? `; tally ${statusText('held')}` : ''
  return `${step === null ? reason : `${reason} in ${step}`}${held}`
}

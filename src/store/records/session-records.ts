import type { IdentityBundle } from '../../protocol/message/messages.ts'
import type { JournalEntry, SessionSummary, Side } from '../../session/ports/session-summary.ts'
import type { TallyRecord } from '../../session/ports/tally.ts'
import { type Query, type SqlValue, selectAll, selectOne } from '../query/query.ts'
import { integer, partyIdentity, type Row } from '../row/row.ts'
import { ENTRIES, toEntry, toSummary } from '../sessions/session-row.ts'

/** A filter's name for sessions that ended with a request which waits for the inviter's word: these have not failed. */
export const ASKED_STATE = 'ASKED'

/** Conditions on sessions. All that are given must hold. */
export interface SessionFilter {
  readonly side?: Side
  /** A state, or `ASKED_STATE`, which `FAILED` leaves out. */
  readonly state?: string
  readonly peerId?: string
  readonly tokenId?: string
  /** Milliseconds since the epoch. */
  readonly since?: number
  /** Lists only sessions with a lower number: the next page. */
  readonly before?: number
  /** Lists only sessions with a higher number, the oldest first: a follower sees each session once. */
  readonly after?: number
  readonly limit: number
}

/** A session and its number, which is higher the later the session was first stored. */
export interface NumberedSession {
  readonly seq: number
  readonly summary: SessionSummary
  /** Its tally by now, if there is one. */
  readonly tally?: Pick<TallyRecord, 'status'> & { readonly identity: IdentityBundle }
}

const TOLD_STATE = `CASE WHEN state = 'FAILED' AND reason = 'pending' THEN '${ASKED_STATE}' ELSE state END`

const WANTED = `
  FROM sessions
  WHERE (CAST(?1 AS TEXT) IS NULL OR side = ?1) AND (CAST(?2 AS TEXT) IS NULL OR ${TOLD_STATE} = ?2)
    AND (CAST(?3 AS TEXT) IS NULL OR substr(peer_id, 1, length(?3)) = ?3
      OR substr(peer_id, length(peer_id) - length(?3) + 1) = ?3)
    AND (CAST(?4 AS TEXT) IS NULL OR substr(token_id, 1, length(?4)) = ?4)
    AND (CAST(?5 AS BIGINT) IS NULL OR started_at >= ?5)`

const page = (order: 'ASC' | 'DESC'): string => `
  SELECT s.*, t.partner_identity,
    CASE WHEN t.withdrawn_at IS NULL THEN t.status ELSE 'withdrawn' END AS tally_status
  FROM (SELECT * ${WANTED} AND seq > ?6 AND seq < ?7 ORDER BY seq ${order} LIMIT ?8) s
  LEFT JOIN tallies t ON t.tally_id = s.tally_id ORDER BY s.seq ${order}`

const STATUSES = ['offered', 'held', 'confirmed', 'withdrawn'] as const

/** Sessions of which ids are looked for, at most. */
const MAX_ALIKE = 10

/** The sessions and their journals, as commands and views ask for them. */
export const sessionRecords = {
  *find(id: string): Query<SessionSummary | undefined> {
    const row = yield* selectOne('SELECT * FROM sessions WHERE id = ?1', id)
    return row === undefined ? undefined : toSummary(row)
  },

  /** Finds sessions whose id starts so, at most ten. */
  *startingWith(prefix: string): Query<readonly SessionSummary[]> {
    const sql = `
      SELECT * FROM sessions WHERE substr(id, 1, length(?1)) = ?1 ORDER BY seq DESC LIMIT ?2`
    return (yield* selectAll(sql, prefix, MAX_ALIKE)).map(toSummary)
  },

  /** Lists sessions, newest first, or with `after` oldest first. */
  *list(filter: SessionFilter): Query<readonly SessionSummary[]> {
    return (yield* sessionRecords.page(filter)).map(({ summary }) => summary)
  },

  /** Lists as `list`, with the sessions' numbers. */
  *page(filter: SessionFilter): Query<readonly NumberedSession[]> {
    const { after, before, limit } = filter
    const sql = page(after === undefined ? 'DESC' : 'ASC')
    const range = [after ?? 0, before ?? Number.MAX_SAFE_INTEGER]
    const rows = yield* selectAll(sql, ...valuesOf(filter), ...range, limit)
    return rows.map(toNumbered)
  },

  /** Counts the sessions that are wanted, of all pages. */
  *count(filter: SessionFilter): Query<number> {
    const row = yield* selectOne(`SELECT count(*) AS count ${WANTED}`, ...valuesOf(filter))
    return integer(row ?? {}, 'count')
  },

  /** Returns a session's journal, in order. */
  *entries(sessionId: string): Query<readonly JournalEntry[]> {
    return (yield* selectAll(ENTRIES, sessionId)).map(toEntry)
  },
}

function toNumbered(row: Row): NumberedSession {
  const numbered = { seq: integer(row, 'seq'), summary: toSummary(row) }
  const status = STATUSES.find((each) => each === row['tally_status'])
  if (status === undefined) return numbered
  return { ...numbered, tally: { status, identity: partyIdentity(row, 'partner_identity') } }
}

function valuesOf({ side, state, peerId, tokenId, since }: SessionFilter): readonly SqlValue[] {
  return [side ?? null, state ?? null, peerId ?? null, tokenId ?? null, since ?? null]
}

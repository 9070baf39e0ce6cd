import { type Query, selectAll, selectOne } from '../query/query.ts'
import { blob, integer, type Row, text } from '../row/row.ts'

/** Rows that are read at a time. */
const PAGE = 500

const AFTER = `SELECT seq, record, hash FROM audit WHERE seq > ?1 ORDER BY seq LIMIT ${PAGE}`

const OF_SESSION = `
  WITH starts AS (SELECT seq FROM audit WHERE session_id = ?1)
  SELECT seq, record, hash FROM audit
  WHERE seq IN (SELECT seq FROM starts) OR thread IN (SELECT seq FROM starts) ORDER BY seq`

/** Finds sessions by the index on `session_id`. */
export const SESSIONS_BETWEEN = `
  SELECT DISTINCT session_id FROM audit WHERE session_id >= ?1 AND session_id < ?2 LIMIT 10`

/** Sorts behind all that begins as what is before it. */
const LAST_CHARACTER = '\u{10ffff}'

/** One stored audit row: canonical text and chain hash. */
export interface AuditRow {
  readonly seq: number
  readonly text: string
  readonly hash: Uint8Array
}

/** The records of the audit, in order. What the query itself appended is among them. */
export const auditRecords = {
  /** Returns the number of the newest, 0 if there is none. Its batch may not be committed yet. */
  *lastSeq(): Query<number> {
    const row = yield* selectOne('SELECT coalesce(max(seq), 0) AS seq FROM audit')
    return integer(row ?? {}, 'seq')
  },

  /** Reads those after that one, oldest first; some hundred at most. */
  *after(seq: number): Query<readonly AuditRow[]> {
    return (yield* selectAll(AFTER, seq)).map(toAuditRow)
  },

  *ofSession(sessionId: string): Query<readonly AuditRow[]> {
    return (yield* selectAll(OF_SESSION, sessionId)).map(toAuditRow)
  },

  /** Finds the sessions that the audit names and whose id starts so, at most ten. */
  *sessionsStartingWith(prefix: string): Query<readonly string[]> {
    const rows = yield* selectAll(SESSIONS_BETWEEN, prefix, prefix + LAST_CHARACTER)
    return rows.map((row) => text(row, 'session_id'))
  },
}

export function toAuditRow(row: Row): AuditRow {
  return { seq: integer(row, 'seq'), text: text(row, 'record'), hash: blob(row, 'hash') }
}

import type { DatabaseSync, StatementSync } from 'node:sqlite'
import { FinalStateError } from '../../session/errors.ts'
import type { JournalEntry, SessionSummary, Side } from '../../session/ports/session-summary.ts'
import { integer, text } from '../row/row.ts'
import { FIRST_COLUMNS, firstValues, LATER_COLUMNS, laterValues, toSummary } from './session-row.ts'

const COLUMNS = ['id', ...FIRST_COLUMNS, ...LATER_COLUMNS]

// A final state is never left: a row is changed only while its state is not final.
const NOT_OVER = "sessions.state NOT IN ('COMPLETED', 'FAILED', 'TIMEOUT')"

const SAVE = `
  INSERT INTO sessions (${COLUMNS.join(', ')}) VALUES (${COLUMNS.map(() => '?').join(', ')})
  ON CONFLICT (id) DO UPDATE SET
    ${LATER_COLUMNS.map((name) => `${name} = excluded.${name}`).join(', ')} WHERE ${NOT_OVER}`

const UPDATE = `
  UPDATE sessions SET ${LATER_COLUMNS.map((name) => `${name} = ?`).join(', ')}
  WHERE id = ? AND ${NOT_OVER}`

const APPEND = `
  INSERT INTO journal (session, seq, origin, target, event, at, ms)
  VALUES ((SELECT seq FROM sessions WHERE id = ?), ?, ?, ?, ?, ?, ?)
  ON CONFLICT (session, seq) DO NOTHING`

/** Appends an entry only if the one before it is there. */
const APPEND_LATE = `
  INSERT INTO journal (session, seq, origin, target, event, at, ms)
  SELECT s.seq, ?2, ?3, ?4, ?5, ?6, ?7
  FROM sessions s JOIN journal j ON j.session = s.seq AND j.seq = ?2 - 1 WHERE s.id = ?1
  ON CONFLICT (session, seq) DO NOTHING`

/** Conditions on sessions. All that are given must hold. */
export interface SessionFilter {
  readonly side?: Side
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
}

const WANTED = `
  FROM sessions
  WHERE (?1 IS NULL OR side = ?1) AND (?2 IS NULL OR state = ?2)
    AND (?3 IS NULL OR substr(peer_id, -length(?3)) = ?3 OR substr(peer_id, 1, length(?3)) = ?3)
    AND (?4 IS NULL OR substr(token_id, 1, length(?4)) = ?4) AND (?5 IS NULL OR started_at >= ?5)`

const page = (order: 'ASC' | 'DESC'): string => `
  SELECT * ${WANTED}
    AND seq > ?6 AND seq < ?7
  ORDER BY seq ${order} LIMIT ?8`

/** The sessions table and the journal. */
export class SessionLog {
  readonly #save: StatementSync
  readonly #update: StatementSync
  readonly #append: StatementSync
  readonly #appendLate: StatementSync
  readonly #find: StatementSync
  readonly #newestFirst: StatementSync
  readonly #oldestFirst: StatementSync
  readonly #count: StatementSync
  readonly #byPrefix: StatementSync
  readonly #open: StatementSync
  readonly #entries: StatementSync

  constructor(database: DatabaseSync) {
    this.#save = database.prepare(SAVE)
    this.#update = database.prepare(UPDATE)
    this.#append = database.prepare(APPEND)
    this.#appendLate = database.prepare(APPEND_LATE)
    this.#find = database.prepare('SELECT * FROM sessions WHERE id = ?')
    this.#byPrefix = database.prepare(
      'SELECT * FROM sessions WHERE substr(id, 1, length(?1)) = ?1 ORDER BY seq DESC LIMIT 10',
    )
    this.#newestFirst = database.prepare(page('DESC'))
    this.#oldestFirst = database.prepare(page('ASC'))
    this.#count = database.prepare(`SELECT count(*) AS count ${WANTED}`)
    this.#open = database.prepare(`
      SELECT * FROM sessions s WHERE s.ended_at IS NULL AND s.side = ?1
        AND (?1 = 'listener' OR NOT EXISTS (
          SELECT 1 FROM attempts a WHERE a.id = s.redemption_id AND a.lease_until > ?2
            AND substr(a.owner, 1, instr(a.owner, '/') - 1) NOT IN (SELECT value FROM json_each(?4))))
      ORDER BY s.seq LIMIT ?3`)
    this.#entries = database.prepare(`
      SELECT * FROM journal WHERE session = (SELECT seq FROM sessions WHERE id = ?) ORDER BY seq`)
  }

  /** @throws FinalStateError */
  save(summary: SessionSummary): void {
    const { id } = summary
    const { changes } = this.#save.run(id, ...firstValues(summary), ...laterValues(summary))
    if (changes === 0) throw new FinalStateError(id)
  }

  /** @throws FinalStateError, also if it was over and pruned since */
  update(summary: SessionSummary): void {
    const { id } = summary
    if (this.#update.run(...laterValues(summary), id).changes === 0) throw new FinalStateError(id)
  }

  /**
   * @returns false if there is another entry in the place of one: somebody else went on with the session
   * @throws StoreError if there is no such session: a defect
   */
  append(sessionId: string, entries: readonly JournalEntry[]): boolean {
    return entries.every(({ seq, from, to, event, at, ms }) => {
      return this.#append.run(sessionId, seq, from, to, event, at, ms).changes > 0
    })
  }

  /** Appends as `append`, but adds nothing to a journal that was pruned. */
  appendLate(sessionId: string, entries: readonly JournalEntry[]): void {
    for (const { seq, from, to, event, at, ms } of entries) {
      this.#appendLate.run(sessionId, seq, from, to, event, at, ms)
    }
  }

  find(id: string): SessionSummary | undefined {
    const row = this.#find.get(id)
    return row === undefined ? undefined : toSummary(row)
  }

  /** Finds sessions whose id starts so, at most ten. */
  startingWith(prefix: string): readonly SessionSummary[] {
    return this.#byPrefix.all(prefix).map(toSummary)
  }

  /** Lists sessions, newest first, or with `after` oldest first. */
  list(filter: SessionFilter): readonly SessionSummary[] {
    return this.page(filter).map(({ summary }) => summary)
  }

  /** Lists as `list`, with the sessions' numbers. */
  page(filter: SessionFilter): readonly NumberedSession[] {
    const { after, before, limit } = filter
    const statement = after === undefined ? this.#newestFirst : this.#oldestFirst
    const range = [after ?? 0, before ?? Number.MAX_SAFE_INTEGER]
    return statement
      .all(...valuesOf(filter), ...range, limit)
      .map((row) => ({ seq: integer(row, 'seq'), summary: toSummary(row) }))
  }

  /** Counts the sessions that are wanted, of all pages. */
  count(filter: SessionFilter): number {
    return integer(this.#count.get(...valuesOf(filter)) ?? {}, 'count')
  }

  /**
   * Returns sessions that are not over, oldest first; a dialer's only if no process holds a lease on its attempt. The one
   * listener of a directory knows its own.
   * @param gone processes that are: they hold nothing
   */
  open(
    side: Side,
    now: number,
    limit: number,
    gone: readonly string[] = [],
  ): readonly SessionSummary[] {
    return this.#open.all(side, now, limit, JSON.stringify(gone)).map(toSummary)
  }

  entries(sessionId: string): readonly JournalEntry[] {
    return this.#entries.all(sessionId).map((row) => ({
      seq: integer(row, 'seq'),
      from: text(row, 'origin'),
      to: text(row, 'target'),
      event: text(row, 'event'),
      at: integer(row, 'at'),
      ms: integer(row, 'ms'),
    }))
  }
}

function valuesOf({ side, state, peerId, tokenId, since }: SessionFilter) {
  return [side ?? null, state ?? null, peerId ?? null, tokenId ?? null, since ?? null]
}

import type { DatabaseSync, StatementSync } from 'node:sqlite'
import { FinalStateError } from '../../session/errors.ts'
import type { JournalEntry, SessionSummary, Side } from '../../session/ports/session-summary.ts'
import { PendingRows } from '../row/pending-rows.ts'
import { integer, optionalInteger } from '../row/row.ts'
import {
  ENTRIES,
  FIRST_COLUMNS,
  firstValues,
  LATER_COLUMNS,
  laterValues,
  toEntry,
  toSummary,
} from './session-row.ts'

const COLUMNS = ['id', ...FIRST_COLUMNS, ...LATER_COLUMNS]

// A final state is never left: a row is changed only while its state is not final.
const NOT_OVER = "sessions.state NOT IN ('COMPLETED', 'FAILED', 'TIMEOUT')"

const INSERT = `
  INSERT INTO sessions (${COLUMNS.join(', ')}) VALUES (${COLUMNS.map(() => '?').join(', ')})
  ON CONFLICT (id) DO NOTHING`

/** Changes a session that is not over, and tells the number of the last written entry of its journal. */
const UPDATE = `
  UPDATE sessions SET ${LATER_COLUMNS.map((name) => `${name} = ?`).join(', ')}
  WHERE id = ? AND ${NOT_OVER}
  RETURNING seq, (SELECT max(j.seq) FROM journal j WHERE j.session = sessions.seq) AS last`

const JOURNAL_COLUMNS = ['session', 'seq', 'origin', 'target', 'event', 'at', 'ms']

const LAST_ENTRY = `
  SELECT s.seq, (SELECT max(j.seq) FROM journal j WHERE j.session = s.seq) AS last
  FROM sessions s WHERE s.id = ?`

/** The sessions table and the journal. Entries are written before anything is read of them. */
export class SessionLog {
  readonly #insert: StatementSync
  readonly #update: StatementSync
  readonly #isOpen: StatementSync
  readonly #lastEntry: StatementSync
  readonly #pending: PendingRows
  /** The number of the last pending entry of each session that has one. */
  #lastPending = new Map<number, number>()
  readonly #open: StatementSync
  readonly #unfinished: StatementSync
  readonly #entries: StatementSync

  constructor(database: DatabaseSync) {
    this.#insert = database.prepare(INSERT)
    this.#update = database.prepare(UPDATE)
    this.#isOpen = database.prepare(`SELECT 1 FROM sessions WHERE id = ? AND ${NOT_OVER}`)
    this.#lastEntry = database.prepare(LAST_ENTRY)
    this.#pending = new PendingRows(database, 'journal', JOURNAL_COLUMNS)
    this.#open = database.prepare(`
      SELECT * FROM sessions s WHERE s.ended_at IS NULL AND s.side = ?1
        AND (?1 = 'listener' OR NOT EXISTS (
          SELECT 1 FROM attempts a WHERE a.id = s.redemption_id AND a.lease_until > ?2
            AND substr(a.owner, 1, instr(a.owner, '/') - 1) NOT IN (SELECT value FROM json_each(?4))))
      ORDER BY s.seq LIMIT ?3`)
    this.#unfinished = database.prepare(`
      SELECT s.* FROM json_each(?) v JOIN sessions s ON s.id = v.value WHERE s.ended_at IS NULL`)
    this.#entries = database.prepare(ENTRIES)
  }

  begun(): void {
    this.undone()
  }

  workBegun(): void {
    this.#pending.mark()
  }

  /** Forgets the entries of that piece of work. */
  workUndone(): void {
    this.#pending.takeBack()
    this.#lastPending = new Map(
      this.#pending.rows.map(([session, seq]) => [Number(session), Number(seq)]),
    )
  }

  /** Writes the pending entries. */
  write(): void {
    this.#pending.write()
    this.#lastPending.clear()
  }

  undone(): void {
    this.#pending.clear()
    this.#lastPending.clear()
  }

  /**
   * Stores a session, which may be new, and its next entries.
   * @returns false, having changed something or not, if they do not follow on the last of its journal: somebody else has
   * gone on with it, or a commit was lost
   * @throws FinalStateError
   */
  save(summary: SessionSummary, entries: readonly JournalEntry[] = []): boolean {
    const { id } = summary
    const values = [id, ...firstValues(summary), ...laterValues(summary)]
    const { changes, lastInsertRowid } = this.#insert.run(...values)
    if (changes === 0) return this.update(summary, entries)
    return this.#append(Number(lastInsertRowid), entries, 0)
  }

  /**
   * Stores a session that is there, and its next entries.
   * @returns as `save`
   * @throws FinalStateError, also if it was over and pruned since
   */
  update(summary: SessionSummary, entries: readonly JournalEntry[]): boolean {
    const { id } = summary
    const row = this.#update.get(...laterValues(summary), id)
    if (row === undefined) {
      if (this.#isOpen.get(id) === undefined) throw new FinalStateError(id)
      return false
    }
    return this.#append(integer(row, 'seq'), entries, optionalInteger(row, 'last') ?? 0)
  }

  /** Appends what follows on the last entry, and nothing to a journal that was pruned. */
  appendLate(sessionId: string, entries: readonly JournalEntry[]): void {
    const row = this.#lastEntry.get(sessionId)
    if (row === undefined) return
    const session = integer(row, 'seq')
    const last = optionalInteger(row, 'last')
    if (last === undefined && !this.#lastPending.has(session)) return
    for (const entry of entries) this.#append(session, [entry], last ?? 0)
  }

  /**
   * Adds entries, each of which must follow on the one before it.
   * @param written number of the last entry in the table
   * @returns false if one does not, and it and those after it are not added
   */
  #append(session: number, entries: readonly JournalEntry[], written: number): boolean {
    let last = this.#lastPending.get(session) ?? written
    for (const { seq, from, to, event, at, ms } of entries) {
      if (seq !== last + 1) return false
      this.#pending.add([session, seq, from, to, event, at, ms])
      this.#lastPending.set(session, seq)
      last = seq
    }
    return true
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

  /** Returns those of these sessions that are not over. */
  unfinished(ids: readonly string[]): readonly SessionSummary[] {
    return this.#unfinished.all(JSON.stringify(ids)).map(toSummary)
  }

  entries(sessionId: string): readonly JournalEntry[] {
    this.write()
    return this.#entries.all(sessionId).map(toEntry)
  }
}

import type { DatabaseSync, StatementSync } from 'node:sqlite'
import { appendRecord, type ChainHead, EMPTY_CHAIN } from '../../audit/record/chain.ts'
import type { AuditDraft } from '../../audit/record/record.ts'
import { PendingRows } from '../row/pending-rows.ts'
import { blob, integer, optionalInteger, text } from '../row/row.ts'
import { type AuditRow, SESSIONS_BETWEEN, toAuditRow } from './audit-records.ts'
import { AuditThreads } from './audit-threads.ts'

/** How many rows are read at a time. */
const PAGE = 500

const OF_SESSION = `
  WITH starts AS (SELECT seq FROM audit WHERE session_id = ?)
  SELECT seq, record, hash FROM audit
  WHERE seq IN (SELECT seq FROM starts) OR thread IN (SELECT seq FROM starts) ORDER BY seq`

/** The newest record, and the last that was removed, also by another process. */
const LAST = `
  SELECT seq, hash, (SELECT max(last) FROM audit_segments WHERE removed_at IS NOT NULL) AS removed
  FROM audit ORDER BY seq DESC LIMIT 1`

const COLUMNS = ['seq', 'session_id', 'thread', 'record', 'hash']

/** The audit table: appends inside a transaction, reads in order. What was appended is written before anything is read. */
export class AuditLog {
  readonly #pending: PendingRows
  readonly #last: StatementSync
  readonly #after: StatementSync
  readonly #ofSession: StatementSync
  readonly #startingWith: StatementSync
  readonly #threads = new AuditThreads()
  /** The newest record as this transaction knows it. Other processes append too, so each transaction reads it again. */
  #head: ChainHead | undefined
  /** The head as it was when the present piece of work began. */
  #headBefore: ChainHead | undefined
  #removedUpTo = 0

  constructor(database: DatabaseSync) {
    this.#pending = new PendingRows(database, 'audit', COLUMNS)
    this.#last = database.prepare(LAST)
    this.#after = database.prepare(
      `SELECT seq, record, hash FROM audit WHERE seq > ? ORDER BY seq LIMIT ${PAGE}`,
    )
    this.#ofSession = database.prepare(OF_SESSION)
    this.#startingWith = database.prepare(SESSIONS_BETWEEN)
  }

  /** Forgets the newest record when a transaction begins: other processes may have written since the last one. */
  begun(): void {
    this.#head = undefined
  }

  workBegun(): void {
    this.#pending.mark()
    this.#headBefore = this.#head
  }

  /** Forgets what that piece of work appended. */
  workUndone(): void {
    this.#pending.takeBack()
    this.#head = this.#headBefore
    this.#threads.clear()
  }

  /** Writes what was appended. */
  write(): void {
    this.#pending.write()
  }

  /** Forgets what was remembered of writes that were undone. */
  undone(): void {
    this.#pending.clear()
    this.#head = undefined
    this.#threads.clear()
  }

  append(draft: AuditDraft): void {
    const next = appendRecord(this.#head ?? this.#readHead(), draft)
    const thread = this.#threads.join(draft, next.seq, this.#removedUpTo)
    const name = thread === undefined ? draft.sessionId : undefined
    this.#pending.add([next.seq, name ?? null, thread ?? null, next.text, next.hash])
    this.#head = next
  }

  /** Reads every row, oldest first. Holds some hundred at a time, and no statement open between them. */
  *rows(): Generator<AuditRow> {
    let last = Number.MIN_SAFE_INTEGER
    for (;;) {
      this.write()
      const page = this.#after.all(last).map(toAuditRow)
      yield* page
      const end = page.at(-1)
      if (end === undefined) return
      last = end.seq
    }
  }

  /** Returns the number of the newest row, 0 if there is none. Its batch may not be committed yet. */
  lastSeq(): number {
    this.write()
    return this.#readHead().seq
  }

  /** Reads rows after that one, oldest first; some hundred at most. */
  after(seq: number): readonly AuditRow[] {
    this.write()
    return this.#after.all(seq).map(toAuditRow)
  }

  ofSession(sessionId: string): readonly AuditRow[] {
    this.write()
    return this.#ofSession.all(sessionId).map(toAuditRow)
  }

  /** Finds the sessions that the audit names and whose id starts so, at most ten. */
  sessionsStartingWith(prefix: string): readonly string[] {
    this.write()
    return this.#startingWith
      .all(prefix, `${prefix}\u{10ffff}`)
      .map((row) => text(row, 'session_id'))
  }

  #readHead(): ChainHead {
    const row = this.#last.get()
    if (row === undefined) return EMPTY_CHAIN
    this.#removedUpTo = optionalInteger(row, 'removed') ?? 0
    return { seq: integer(row, 'seq'), hash: blob(row, 'hash') }
  }
}

import type { DatabaseSync, StatementSync } from 'node:sqlite'
import { appendRecord, type ChainHead, EMPTY_CHAIN } from '../audit/chain.ts'
import type { AuditDraft } from '../audit/record.ts'
import { blob, integer, type Row, text } from './row.ts'

/** One stored audit row: canonical text and chain hash. */
export interface AuditRow {
  readonly seq: number
  readonly text: string
  readonly hash: Uint8Array
}

/** The audit table: append inside a transaction, read in order. */
export class AuditLog {
  readonly #insert: StatementSync
  readonly #last: StatementSync
  readonly #all: StatementSync
  readonly #ofSession: StatementSync
  readonly #ofToken: StatementSync
  /** The head as this transaction knows it; other processes append too, so it is read anew in each. */
  #head: ChainHead | undefined

  constructor(database: DatabaseSync) {
    this.#insert = database.prepare(
      'INSERT INTO audit (seq, session_id, record, hash) VALUES (?, ?, ?, ?)',
    )
    this.#last = database.prepare('SELECT seq, hash FROM audit ORDER BY seq DESC LIMIT 1')
    this.#all = database.prepare('SELECT seq, record, hash FROM audit ORDER BY seq')
    this.#ofSession = database.prepare(
      'SELECT seq, record, hash FROM audit WHERE session_id = ? ORDER BY seq',
    )
    // No index: it would cost every append, and an operator can wait for one walk.
    this.#ofToken = database.prepare(
      'SELECT seq, record, hash FROM audit WHERE instr(record, ?) > 0 ORDER BY seq',
    )
  }

  /** What is remembered may be stale. */
  forget(): void {
    this.#head = undefined
  }

  append(draft: AuditDraft): void {
    const next = appendRecord(this.#head ?? this.#readHead(), draft)
    this.#insert.run(next.seq, draft.sessionId ?? null, next.text, next.hash)
    this.#head = next
  }

  /** Every row, oldest first, one at a time. */
  *rows(): Generator<AuditRow> {
    for (const row of this.#all.iterate()) yield toAuditRow(row)
  }

  ofSession(sessionId: string): readonly AuditRow[] {
    return this.#ofSession.all(sessionId).map(toAuditRow)
  }

  /** Every row about a token, found by walking the whole log. */
  ofToken(tokenId: string): readonly AuditRow[] {
    return this.#ofToken.all(`,"tokenId":${JSON.stringify(tokenId)},`).map(toAuditRow)
  }

  #readHead(): ChainHead {
    const row = this.#last.get()
    return row === undefined ? EMPTY_CHAIN : { seq: integer(row, 'seq'), hash: blob(row, 'hash') }
  }
}

function toAuditRow(row: Row): AuditRow {
  return { seq: integer(row, 'seq'), text: text(row, 'record'), hash: blob(row, 'hash') }
}

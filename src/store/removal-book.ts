import type { DatabaseSync, StatementSync } from 'node:sqlite'
import type { OwedRemoval, RemovalOrder } from '../session/ports/store.ts'
import { compact, integer, optionalText, type Row, text } from './row.ts'

const COLUMNS =
  'tally_id, redemption_id, fence, session_id, peer_id, reason, since, tries, next_at, last_error'

/** Databases that were built for nobody and are still there. A row is deleted only when its database is gone. */
export class RemovalBook {
  readonly #owe: StatementSync
  readonly #due: StatementSync
  readonly #list: StatementSync
  readonly #settle: StatementSync
  readonly #fail: StatementSync

  constructor(database: DatabaseSync) {
    // Owed again, e.g. by a hook that answered late: it is due at once, and how often it failed stays known.
    this.#owe = database.prepare(`
      INSERT INTO removals (tally_id, redemption_id, fence, session_id, peer_id, reason, since, next_at)
      VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)
      ON CONFLICT (tally_id) DO UPDATE SET redemption_id = excluded.redemption_id,
        fence = excluded.fence, session_id = excluded.session_id, peer_id = excluded.peer_id,
        reason = excluded.reason, next_at = excluded.next_at`)
    this.#due = database.prepare(
      `SELECT ${COLUMNS} FROM removals WHERE next_at <= ? ORDER BY next_at LIMIT ?`,
    )
    this.#list = database.prepare(`SELECT ${COLUMNS} FROM removals ORDER BY since LIMIT ?`)
    this.#settle = database.prepare('DELETE FROM removals WHERE tally_id = ?')
    this.#fail = database.prepare(`
      UPDATE removals SET tries = tries + 1, last_error = ?, next_at = ? WHERE tally_id = ?`)
  }

  owe(
    { tallyId, redemptionId, fence, sessionId, peerId, reason }: RemovalOrder,
    now: number,
    dueAt: number = now,
  ): void {
    this.#owe.run(tallyId, redemptionId, fence, sessionId, peerId, reason, now, dueAt)
  }

  /** Those whose time has come, at most `limit`. */
  due(now: number, limit: number): readonly OwedRemoval[] {
    return this.#due.all(now, limit).map(toRemoval)
  }

  /** All that are owed, the longest first. */
  list(limit: number): readonly OwedRemoval[] {
    return this.#list.all(limit).map(toRemoval)
  }

  /** It is gone, or wanted again. False if nothing was owed. */
  settle(tallyId: string): boolean {
    return this.#settle.run(tallyId).changes !== 0
  }

  fail(tallyId: string, error: string, nextAt: number): void {
    this.#fail.run(error, nextAt, tallyId)
  }
}

function toRemoval(row: Row): OwedRemoval {
  return compact({
    tallyId: text(row, 'tally_id'),
    redemptionId: text(row, 'redemption_id'),
    fence: integer(row, 'fence'),
    sessionId: text(row, 'session_id'),
    peerId: text(row, 'peer_id'),
    reason: text(row, 'reason'),
    since: integer(row, 'since'),
    tries: integer(row, 'tries'),
    nextAt: integer(row, 'next_at'),
    lastError: optionalText(row, 'last_error'),
  })
}

import type { DatabaseSync, StatementSync } from 'node:sqlite'
import { compact } from '../../protocol/base/compact.ts'
import type { OwedNotice, UseNotice } from '../../session/ports/notices.ts'
import { integer, optionalText, type Row, text } from '../row/row.ts'

/** Notices to hosts that a use is spent. A row is deleted only when its host has been told. */
export class Notices {
  readonly #owe: StatementSync
  readonly #find: StatementSync
  readonly #due: StatementSync
  readonly #settle: StatementSync
  readonly #fail: StatementSync

  constructor(database: DatabaseSync) {
    this.#owe = database.prepare(`
      INSERT INTO notices (redemption_id, token_id, fence, session_id, peer_id, since, next_at)
      VALUES (?, ?, ?, ?, ?, ?, ?) ON CONFLICT (redemption_id) DO NOTHING`)
    this.#find = database.prepare('SELECT * FROM notices WHERE redemption_id = ?')
    this.#due = database.prepare(
      'SELECT * FROM notices WHERE next_at <= ? ORDER BY next_at LIMIT ?',
    )
    this.#settle = database.prepare('DELETE FROM notices WHERE redemption_id = ?')
    this.#fail = database.prepare(`
      UPDATE notices SET tries = tries + 1, last_error = ?, next_at = ? WHERE redemption_id = ?`)
  }

  owe(notice: UseNotice, now: number, dueAt: number): void {
    const { redemptionId, tokenId, fence, sessionId, peerId } = notice
    this.#owe.run(redemptionId, tokenId, fence, sessionId, peerId, now, dueAt)
  }

  find(redemptionId: string): OwedNotice | undefined {
    const row = this.#find.get(redemptionId)
    return row === undefined ? undefined : toNotice(row)
  }

  /** Returns the notices whose time has come, at most `limit`. */
  due(now: number, limit: number): readonly OwedNotice[] {
    return this.#due.all(now, limit).map(toNotice)
  }

  settle(redemptionId: string): void {
    this.#settle.run(redemptionId)
  }

  fail(redemptionId: string, error: string, nextAt: number): void {
    this.#fail.run(error, nextAt, redemptionId)
  }
}

/** @throws RowInvalidError */
export function toNotice(row: Row): OwedNotice {
  return compact({
    redemptionId: text(row, 'redemption_id'),
    tokenId: text(row, 'token_id'),
    fence: integer(row, 'fence'),
    sessionId: text(row, 'session_id'),
    peerId: text(row, 'peer_id'),
    since: integer(row, 'since'),
    tries: integer(row, 'tries'),
    nextAt: integer(row, 'next_at'),
    lastError: optionalText(row, 'last_error'),
  })
}

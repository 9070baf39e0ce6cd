import type { DatabaseSync, StatementSync } from 'node:sqlite'
import { compact } from '../../protocol/base/compact.ts'
import type { Lease } from '../../session/ports/attempt.ts'
import type { OwedRemoval, RemovalOrder } from '../../session/ports/removals.ts'
import { integer, optionalInteger, optionalText, type Row, text } from '../row/row.ts'

/** The columns that `toRemoval` reads. */
export const REMOVAL_COLUMNS = `tally_id, redemption_id, fence, session_id, peer_id, reason, since, tries, next_at,
  last_error, claimed_by, claimed_until`

const UNCLAIMED = 'claimed_by = NULL, claimed_until = NULL, owed_again = 0'

/**
 * Databases that were built for nobody and are still there. A row is deleted only when its database is gone. A worker
 * claims the row before it removes the database: nobody else builds or removes it then.
 */
export class Removals {
  readonly #owe: StatementSync
  readonly #due: StatementSync
  readonly #find: StatementSync
  readonly #claim: StatementSync
  readonly #settle: StatementSync
  readonly #finish: StatementSync
  readonly #free: StatementSync
  readonly #fail: StatementSync

  constructor(database: DatabaseSync) {
    // Owed again, e.g. by a hook that answered late: it is due at once, and how often it failed stays known.
    this.#owe = database.prepare(`
      INSERT INTO removals (tally_id, redemption_id, fence, session_id, peer_id, reason, since, next_at)
      VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)
      ON CONFLICT (tally_id) DO UPDATE SET redemption_id = excluded.redemption_id,
        fence = excluded.fence, session_id = excluded.session_id, peer_id = excluded.peer_id,
        reason = excluded.reason, next_at = excluded.next_at, owed_again = claimed_by IS NOT NULL
      RETURNING claimed_by, claimed_until`)
    // Claimed ones come last, so that a process that stands still does not keep the others from their turn.
    this.#due = database.prepare(`
      SELECT ${REMOVAL_COLUMNS} FROM removals WHERE next_at <= ?
      ORDER BY claimed_by IS NOT NULL, next_at LIMIT ?`)
    this.#find = database.prepare(`SELECT ${REMOVAL_COLUMNS} FROM removals WHERE tally_id = ?`)
    this.#claim = database.prepare(
      'UPDATE removals SET claimed_by = ?, claimed_until = ?, owed_again = 0 WHERE tally_id = ?',
    )
    this.#settle = database.prepare(
      `DELETE FROM removals WHERE tally_id = ? RETURNING ${REMOVAL_COLUMNS}`,
    )
    this.#finish = database.prepare(
      'DELETE FROM removals WHERE tally_id = ? AND claimed_by = ? AND NOT owed_again',
    )
    this.#free = database.prepare(
      `UPDATE removals SET ${UNCLAIMED} WHERE tally_id = ? AND claimed_by = ?`,
    )
    // A session that is about to build this database may have put the removal off meanwhile.
    this.#fail = database.prepare(`
      UPDATE removals SET tries = tries + 1, last_error = ?1, ${UNCLAIMED},
        next_at = CASE owed_again WHEN 0 THEN ?2 ELSE MAX(next_at, ?2) END
      WHERE tally_id = ?3 AND claimed_by = ?4`)
  }

  /** Notes that a database has to be removed. @returns the claim that stands on it, if there is one */
  owe(
    { tallyId, redemptionId, fence, sessionId, peerId, reason }: RemovalOrder,
    now: number,
    dueAt: number = now,
  ): Lease | undefined {
    const row = [tallyId, redemptionId, fence, sessionId, peerId, reason, now, dueAt] as const
    return toClaim(this.#owe.get(...row) ?? {})
  }

  /** Returns the removals whose time has come, at most `limit`. */
  due(now: number, limit: number): readonly OwedRemoval[] {
    return this.#due.all(now, limit).map(toRemoval)
  }

  find(tallyId: string): OwedRemoval | undefined {
    const row = this.#find.get(tallyId)
    return row && toRemoval(row)
  }

  /** Claims a removal. A claim that stood before is void. */
  claim(tallyId: string, { owner, until }: Lease): void {
    this.#claim.run(owner, until, tallyId)
  }

  /** Deletes a removal that is not needed any more, whoever has claimed it. */
  settle(tallyId: string): OwedRemoval | undefined {
    const row = this.#settle.get(tallyId)
    return row && toRemoval(row)
  }

  /** Ends a removal that was carried out. False if it was owed again meanwhile, or is somebody else's by now. */
  finish(tallyId: string, owner: string): boolean {
    if (this.#finish.run(tallyId, owner).changes !== 0) return true
    this.#free.run(tallyId, owner)
    return false
  }

  /** Frees the claim after a removal that failed, and sets when it is tried again. False if it is somebody else's by now. */
  fail(tallyId: string, owner: string, error: string, nextAt: number): boolean {
    return this.#fail.run(error, nextAt, tallyId, owner).changes !== 0
  }
}

/** @throws RowInvalidError */
export function toRemoval(row: Row): OwedRemoval {
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
    claim: toClaim(row),
  })
}

function toClaim(row: Row): Lease | undefined {
  const [owner, until] = [optionalText(row, 'claimed_by'), optionalInteger(row, 'claimed_until')]
  return owner === undefined || until === undefined ? undefined : { owner, until }
}

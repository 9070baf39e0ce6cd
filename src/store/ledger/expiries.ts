import type { DatabaseSync, StatementSync } from 'node:sqlite'
import type { ExpiredToken } from '../../session/ports/expiry.ts'
import { integer, optionalInteger, type Row, text } from '../row/row.ts'

const TAKEN = `(SELECT count(*) FROM redemptions r
  WHERE r.token_id = tokens.id AND r.released_at IS NULL)`

const USED = `(SELECT count(*) FROM redemptions r
  WHERE r.token_id = tokens.id AND r.released_at IS NULL AND r.reserved_until IS NULL)`

/** Finds expired invitations by the index on those that were not noted yet; of these, few have run out. */
export const DUE = `
  SELECT id FROM tokens
  WHERE expires_at <= ?1 AND expiry_noted_at IS NULL AND revoked_at IS NULL
    AND secret_hash IS NOT NULL
    AND (uses IS NULL OR ${TAKEN} < uses OR ${USED} >= uses)
    AND NOT EXISTS (SELECT 1 FROM pending_requests p WHERE p.token_id = tokens.id)
  ORDER BY expires_at LIMIT ?2`

const NOTE = `
  UPDATE tokens SET expiry_noted_at = ?1 WHERE id IN (${DUE})
  RETURNING id, expires_at, uses, ${USED} AS used`

/** Finds and notes invitations that have run out. Prepares its statements when they are needed: most commands never do. */
export class Expiries {
  readonly #prepare: (sql: string) => StatementSync
  #due: StatementSync | undefined
  #note: StatementSync | undefined

  constructor(database: DatabaseSync) {
    this.#prepare = (sql) => database.prepare(sql)
  }

  isDue(now: number): boolean {
    this.#due ??= this.#prepare(DUE)
    return this.#due.get(now, 1) !== undefined
  }

  note(now: number, limit: number): readonly ExpiredToken[] | undefined {
    this.#note ??= this.#prepare(NOTE)
    const rows = this.#note.all(now, limit)
    if (rows.length === 0) return undefined
    return rows
      .map(toExpired)
      .filter(({ uses, used }) => uses === null || used < uses)
      .sort((a, b) => a.expiresAt - b.expiresAt)
  }
}

function toExpired(row: Row): ExpiredToken {
  return {
    tokenId: text(row, 'id'),
    expiresAt: integer(row, 'expires_at'),
    uses: optionalInteger(row, 'uses') ?? null,
    used: integer(row, 'used'),
  }
}

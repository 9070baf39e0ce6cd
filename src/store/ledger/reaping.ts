import type { DatabaseSync, StatementSync } from 'node:sqlite'
import { compact } from '../../protocol/base/compact.ts'
import type {
  HeldLease,
  Reapable,
  ReapCursor,
  ReapPage,
  StandingReservation,
} from '../../session/ports/reap.ts'
import type { Side } from '../../session/ports/session-summary.ts'
import { integer, optionalText, type Row, text } from '../row/row.ts'
import { RESERVATION_COLUMNS, toReservation } from './claim-row.ts'

// Every list has the same columns, and goes on after `cursor`. None of them is on the way of a session: they walk
// what there is, a part at a time.

const OFFERS = `
  SELECT r.seq AS cursor, r.id, 'offered' AS state, r.peer_id, r.token_id, r.session_id, r.tally_id,
    r.changed_at AS since,
    CASE WHEN (SELECT count(*) FROM tally_chunks c WHERE c.tally_id = r.tally_id) > 1
      THEN 'its document was changed' END AS needed
  FROM redemptions r
  WHERE r.seq > coalesce(?1, 0) AND r.state = 'committed' AND r.delivery = 'offered'
    AND r.withdrawn_at IS NULL
  ORDER BY r.seq LIMIT ?2`

const RESERVATIONS = `
  SELECT seq AS cursor, reserved_until AS since, NULL AS needed, ${RESERVATION_COLUMNS}
  FROM redemptions WHERE seq > coalesce(?1, 0) AND reserved_until IS NOT NULL
  ORDER BY seq LIMIT ?2`

/** True if a request waits there. */
const IS_ASKED = 'EXISTS (SELECT 1 FROM pending_requests p WHERE p.token_id = tokens.id)'

/** True if a use was ever reserved: its slot is taken, or free again. Both are looked up by an index. */
const WAS_RESERVED = `(
  EXISTS (SELECT 1 FROM redemptions r WHERE r.token_id = tokens.id AND r.released_at IS NULL)
  OR EXISTS (SELECT 1 FROM free_slots f WHERE f.token_id = tokens.id))`

const TOKENS = `
  SELECT id AS cursor, id, 'expired' AS state, NULL AS peer_id, id AS token_id, NULL AS session_id,
    NULL AS tally_id, expires_at AS since,
    CASE WHEN ${WAS_RESERVED} THEN 'a use of it was reserved'
      WHEN ${IS_ASKED} THEN 'a request waits there' END AS needed
  FROM tokens WHERE id > coalesce(?1, '') AND forgotten_at IS NULL ORDER BY id LIMIT ?2`

const FORGET_TOKEN = `
  UPDATE tokens SET forgotten_at = ?1, secret_hash = NULL, label = NULL, required = '[]',
    optional = '[]', terms = 'null', revision = 0
  WHERE id = ?2 AND forgotten_at IS NULL AND NOT ${WAS_RESERVED} AND NOT ${IS_ASKED}`

const ENDED_ATTEMPTS = `
  SELECT rowid AS cursor, id, status AS state, inviter AS peer_id, token_id, NULL AS session_id,
    tally_id, created_at AS since, NULL AS needed
  FROM attempts WHERE rowid > coalesce(?1, 0) AND status = 'ended' AND owner IS NULL
  ORDER BY rowid LIMIT ?2`

const LEASES = `
  SELECT rowid AS cursor, id, status AS state, inviter AS peer_id, token_id, NULL AS session_id,
    tally_id, lease_until AS since, NULL AS needed, owner
  FROM attempts WHERE rowid > coalesce(?1, 0) AND owner IS NOT NULL
  ORDER BY rowid LIMIT ?2`

/** A document that is being built has no tally yet; one whose removal is owed is removed that way. */
const ORPHAN_DOCUMENTS = `
  SELECT tally_id AS cursor, tally_id AS id, 'orphaned' AS state, NULL AS peer_id, NULL AS token_id,
    NULL AS session_id, tally_id, 0 AS since,
    CASE
      WHEN EXISTS (SELECT 1 FROM redemptions r WHERE r.reserved_until IS NOT NULL AND r.tally_id = d.tally_id)
        OR EXISTS (SELECT 1 FROM attempts a WHERE a.tally_id = d.tally_id AND a.status = 'running'
          AND a.lease_until > ?3)
      THEN 'its tally is being built'
      WHEN EXISTS (SELECT 1 FROM removals o WHERE o.tally_id = d.tally_id)
      THEN 'its removal is owed already'
    END AS needed
  FROM (SELECT DISTINCT tally_id FROM tally_chunks WHERE tally_id > coalesce(?1, '')) d
  WHERE NOT EXISTS (SELECT 1 FROM tallies t WHERE t.tally_id = d.tally_id)
  ORDER BY d.tally_id LIMIT ?2`

const REMOVALS = `
  SELECT tally_id AS cursor, tally_id AS id, 'owed' AS state, peer_id, NULL AS token_id, session_id,
    tally_id, since, CASE WHEN tries = 0 THEN 'it was not tried yet' END AS needed
  FROM removals WHERE tally_id > coalesce(?1, '') ORDER BY tally_id LIMIT ?2`

const WITHDRAW = `
  UPDATE redemptions SET withdrawn_at = ?1
  WHERE id = ?2 AND state = 'committed' AND delivery = 'offered' AND withdrawn_at IS NULL
    AND changed_at < ?3
  RETURNING seq, tally_id`

const NOTE_WITHDRAWN = `
  UPDATE tallies SET withdrawn_at = ?1
  WHERE tally_id = (SELECT tally_id FROM attempts WHERE id = ?2 AND status = 'confirmed')
    AND partner = ?3 AND role = 'foil' AND status = 'confirmed' AND withdrawn_at IS NULL
  RETURNING tally_id`

/** The lists that reapers go through, and the deletions they make. */
export class Reaping {
  readonly #prepare: (sql: string) => StatementSync
  /** Prepared when first needed: most processes never reap. */
  readonly #prepared = new Map<string, StatementSync>()

  constructor(database: DatabaseSync) {
    this.#prepare = (sql) => database.prepare(sql)
  }

  offers(after: ReapCursor | undefined, limit: number): ReapPage {
    return this.#page(OFFERS, 'listener', after, limit)
  }

  withdrawOffer(redemptionId: string, lastGivenBefore: number, now: number): boolean {
    const row = this.#statement(WITHDRAW).get(now, redemptionId, lastGivenBefore)
    if (row === undefined) return false
    const tallyId = text(row, 'tally_id')
    this.#statement('DELETE FROM answers WHERE redemption = ?').run(integer(row, 'seq'))
    this.#statement('DELETE FROM tally_chunks WHERE tally_id = ?').run(tallyId)
    const tally = this.#statement('DELETE FROM tallies WHERE tally_id = ? AND redemption_id = ?')
    tally.run(tallyId, redemptionId)
    return true
  }

  isWithdrawn(redemptionId: string, peerId: string, responseHash: string): boolean {
    const found = this.#statement(`
      SELECT 1 FROM redemptions WHERE id = ? AND peer_id = ? AND response_hash = ?
        AND withdrawn_at IS NOT NULL`)
    return found.get(redemptionId, peerId, responseHash) !== undefined
  }

  reservations(after: ReapCursor | undefined, limit: number): ReapPage<StandingReservation> {
    const rows = this.#statement(RESERVATIONS).all(after ?? null, limit)
    return { things: rows.map(toStanding), next: cursorAfter(rows, limit) }
  }

  tokens(after: ReapCursor | undefined, limit: number): ReapPage {
    return this.#page(TOKENS, 'listener', after, limit)
  }

  forgetToken(tokenId: string, now: number): boolean {
    if (this.#statement(FORGET_TOKEN).run(now, tokenId).changes === 0) return false
    this.#statement('DELETE FROM declines WHERE token_id = ?').run(tokenId)
    this.#statement('DELETE FROM past_terms WHERE token_id = ?').run(tokenId)
    this.#statement('DELETE FROM denials WHERE token_id = ?').run(tokenId)
    return true
  }

  endedAttempts(after: ReapCursor | undefined, limit: number): ReapPage {
    return this.#page(ENDED_ATTEMPTS, 'dialer', after, limit)
  }

  removeAttempt(attemptId: string): boolean {
    const ended = "DELETE FROM attempts WHERE id = ? AND status = 'ended' AND owner IS NULL"
    return this.#statement(ended).run(attemptId).changes !== 0
  }

  leases(after: ReapCursor | undefined, limit: number): ReapPage<HeldLease> {
    const rows = this.#statement(LEASES).all(after ?? null, limit)
    const things = rows.map((row) => ({
      ...toReapable(row, 'dialer'),
      owner: text(row, 'owner'),
      until: integer(row, 'since'),
    }))
    return { things, next: cursorAfter(rows, limit) }
  }

  orphanDocuments(after: ReapCursor | undefined, limit: number, now: number): ReapPage {
    return this.#page(ORPHAN_DOCUMENTS, 'listener', after, limit, now)
  }

  removeDocument(tallyId: string): boolean {
    const orphaned = `
      DELETE FROM tally_chunks WHERE tally_id = ?1
        AND NOT EXISTS (SELECT 1 FROM tallies t WHERE t.tally_id = ?1)`
    return this.#statement(orphaned).run(tallyId).changes !== 0
  }

  owedRemovals(after: ReapCursor | undefined, limit: number): ReapPage {
    return this.#page(REMOVALS, 'listener', after, limit)
  }

  hastenRemoval(tallyId: string, now: number): boolean {
    const failed = 'UPDATE removals SET next_at = ? WHERE tally_id = ? AND tries > 0'
    return this.#statement(failed).run(now, tallyId).changes !== 0
  }

  noteWithdrawn(attemptId: string, partner: string, now: number): string | undefined {
    const row = this.#statement(NOTE_WITHDRAWN).get(now, attemptId, partner)
    return row === undefined ? undefined : text(row, 'tally_id')
  }

  #page(
    sql: string,
    side: Side,
    after: ReapCursor | undefined,
    limit: number,
    ...more: readonly number[]
  ): ReapPage {
    const rows = this.#statement(sql).all(after ?? null, limit, ...more)
    return { things: rows.map((row) => toReapable(row, side)), next: cursorAfter(rows, limit) }
  }

  #statement(sql: string): StatementSync {
    const prepared = this.#prepared.get(sql) ?? this.#prepare(sql)
    this.#prepared.set(sql, prepared)
    return prepared
  }
}

function cursorAfter(rows: readonly Row[], limit: number): ReapCursor | undefined {
  const cursor = rows.length < limit ? undefined : rows.at(-1)?.['cursor']
  return typeof cursor === 'number' || typeof cursor === 'string' ? cursor : undefined
}

function toReapable(row: Row, side: Side): Reapable {
  return compact({
    id: text(row, 'id'),
    side,
    state: text(row, 'state'),
    peerId: optionalText(row, 'peer_id'),
    tokenId: optionalText(row, 'token_id'),
    sessionId: optionalText(row, 'session_id'),
    tallyId: optionalText(row, 'tally_id'),
    since: integer(row, 'since'),
    neededBecause: optionalText(row, 'needed'),
  })
}

function toStanding(row: Row): StandingReservation {
  return { ...toReapable(row, 'listener'), reservation: toReservation(row) }
}

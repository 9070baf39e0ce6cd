import type { DatabaseSync, StatementSync } from 'node:sqlite'
import type { PendingRequest, WaitingByPeer } from '../../session/ports/uses/pending-request.ts'
import type { ReserveRequest } from '../../session/ports/uses/reservation.ts'
import { integer, type Row, text } from '../row/row.ts'
import { toRequest, WAITING_REQUEST } from './request-row.ts'

/** The invitations at which something waits, each found by one step in the index. */
const ASKED_TOKENS = `
  WITH RECURSIVE asked(id) AS (
    SELECT min(token_id) FROM pending_requests UNION ALL
    SELECT (SELECT min(token_id) FROM pending_requests WHERE token_id > asked.id)
    FROM asked WHERE asked.id IS NOT NULL)`

/** Those that give nothing any more: revoked, or their uses are all committed. */
const OVER_TOKENS = `
  SELECT t.id FROM asked JOIN tokens t ON t.id = asked.id
  WHERE t.revoked_at IS NOT NULL OR (t.uses IS NOT NULL AND t.uses <= (SELECT count(*)
    FROM redemptions r
    WHERE r.token_id = t.id AND r.released_at IS NULL AND r.reserved_until IS NULL))`

/** True of a yes that holds no use any more, or one that nothing was begun with, of a revoked invitation. */
const YES_IS_OVER = `NOT EXISTS (SELECT 1 FROM redemptions r
  WHERE r.id = p.redemption_id AND r.reserved_until IS NOT NULL
    AND (r.state <> 'reserved' OR (SELECT t.revoked_at FROM tokens t WHERE t.id = p.token_id) IS NULL))`

const OVER = `
  ${ASKED_TOKENS}
  SELECT p.* FROM pending_requests p WHERE p.approved_at IS NULL AND p.until <= ?1
  UNION
  SELECT p.* FROM pending_requests p WHERE p.approved_at IS NULL AND p.token_id IN (${OVER_TOKENS})
  UNION
  SELECT p.* FROM pending_requests p WHERE p.approved_at IS NOT NULL AND ${YES_IS_OVER}
  ORDER BY id LIMIT ?2`

export const WAITING_OF = `
  SELECT peer_id, p.id FROM json_each(?) CROSS JOIN pending_requests p ON peer_id = value
  WHERE ${WAITING_REQUEST}`

/** Requests at invitations by hand, until their tally is there or nothing comes of them. */
export class PendingRequests {
  readonly #insert: StatementSync
  readonly #remove: StatementSync
  readonly #approve: StatementSync
  readonly #rename: StatementSync
  readonly #find: StatementSync
  readonly #same: StatementSync
  readonly #any: StatementSync
  readonly #ofPeer: StatementSync
  readonly #ofRedemption: StatementSync
  readonly #prepare: (sql: string) => StatementSync
  /** Prepared when first needed: most processes never keep a request. */
  readonly #prepared = new Map<string, StatementSync>()

  constructor(database: DatabaseSync) {
    this.#prepare = (sql) => database.prepare(sql)
    this.#insert = database.prepare(`
      INSERT INTO pending_requests (id, token_id, peer_id, bootstrap_id, request_hash, grant_hash,
        another, redemption_id, identity, cadre, remote_address, since, until)
      VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`)
    this.#remove = database.prepare('DELETE FROM pending_requests WHERE id = ?')
    this.#approve = database.prepare(`
      UPDATE pending_requests SET approved_at = ?2, until = ?3 WHERE id = ?1 AND ${WAITING_REQUEST}`)
    this.#rename = database.prepare('UPDATE pending_requests SET bootstrap_id = ? WHERE id = ?')
    this.#find = database.prepare('SELECT * FROM pending_requests WHERE id = ?')
    this.#same = database.prepare(`
      SELECT * FROM pending_requests WHERE token_id = ? AND peer_id = ? AND bootstrap_id = ?`)
    this.#any = database.prepare(`
      SELECT * FROM pending_requests WHERE token_id = ?1 AND peer_id = ?2 AND another <= ?3
      ORDER BY since DESC, id DESC LIMIT 1`)
    this.#ofPeer = database.prepare(
      'SELECT * FROM pending_requests WHERE token_id = ? AND peer_id = ? ORDER BY id',
    )
    this.#ofRedemption = database.prepare('SELECT * FROM pending_requests WHERE redemption_id = ?')
  }

  insert(request: PendingRequest): void {
    this.#insert.run(
      request.id,
      request.tokenId,
      request.peerId,
      request.bootstrapId,
      request.requestHash,
      request.grantHash,
      request.another ? 1 : 0,
      request.redemptionId,
      JSON.stringify(request.identity),
      JSON.stringify(request.cadre),
      request.remoteAddress ?? null,
      request.since,
      request.until,
    )
  }

  remove(id: string): void {
    this.#remove.run(id)
  }

  /** Notes the inviter's yes. @param until the time until which its use is held */
  approve(id: string, at: number, until: number): void {
    this.#approve.run(id, at, until)
  }

  /** Notes that the peer has come with the same request under another id: it has lost its own. */
  rename(id: string, bootstrapId: string): void {
    this.#rename.run(bootstrapId, id)
  }

  find(id: string): PendingRequest | undefined {
    return first(this.#find.get(id))
  }

  /** Finds the request that a contact is about. */
  of({
    grant,
    peerId,
    bootstrapId,
    another,
  }: Pick<ReserveRequest, 'grant' | 'peerId' | 'another'> & {
    readonly bootstrapId?: string | undefined
  }): PendingRequest | undefined {
    const { tokenId, usesAllowed } = grant
    const same =
      bootstrapId === undefined ? undefined : this.#same.get(tokenId, peerId, bootstrapId)
    const isOnly = usesAllowed === 1
    if (same !== undefined || (another && !isOnly)) return first(same)
    // Of a single use nobody has another one.
    return first(this.#any.get(tokenId, peerId, isOnly ? 1 : 0))
  }

  /** Lists the requests of a peer at an invitation. */
  ofPeer(tokenId: string, peerId: string): readonly PendingRequest[] {
    return this.#ofPeer.all(tokenId, peerId).map(toRequest)
  }

  ofRedemption(redemptionId: string): PendingRequest | undefined {
    return first(this.#ofRedemption.get(redemptionId))
  }

  /** Counts what waits at one invitation. */
  countOfToken(tokenId: string): number {
    return this.#count(`token_id = ? AND ${WAITING_REQUEST}`, tokenId)
  }

  /** Counts what waits of one peer, at all invitations. */
  countOfPeer(peerId: string): number {
    return this.#count(`peer_id = ? AND ${WAITING_REQUEST}`, peerId)
  }

  /** Counts what waits. */
  countWaiting(): number {
    return this.#count(WAITING_REQUEST)
  }

  /** Returns the ids of what waits of these peers, by peer. */
  waitingOf(peerIds: readonly string[]): WaitingByPeer {
    const found = new Map<string, Set<string>>()
    for (const row of this.#statement(WAITING_OF).all(JSON.stringify(peerIds))) {
      const peerId = text(row, 'peer_id')
      found.set(peerId, (found.get(peerId) ?? new Set()).add(text(row, 'id')))
    }
    return found
  }

  over(now: number, limit: number): readonly PendingRequest[] {
    return this.#statement(OVER).all(now, limit).map(toRequest)
  }

  #count(condition: string, ...values: readonly string[]): number {
    const sql = `SELECT count(*) AS count FROM pending_requests WHERE ${condition}`
    return integer(this.#statement(sql).get(...values) ?? {}, 'count')
  }

  #statement(sql: string): StatementSync {
    const prepared = this.#prepared.get(sql) ?? this.#prepare(sql)
    this.#prepared.set(sql, prepared)
    return prepared
  }
}

function first(row: Row | undefined): PendingRequest | undefined {
  return row === undefined ? undefined : toRequest(row)
}

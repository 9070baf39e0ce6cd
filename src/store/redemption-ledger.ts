import type { DatabaseSync, StatementSync } from 'node:sqlite'
import { tallyIdOf } from '../protocol/draft.ts'
import type { Claim } from '../session/machine/listener-state.ts'
import type { LapsedReservation, ReserveOutcome, ReserveRequest } from '../session/ports/store.ts'
import { integer, optionalBlob, type Row, text } from './row.ts'

/** After how many ms a peer may ask again whose earlier request is still under way. */
const IN_PROGRESS_RETRY_MS = 1_000

/** The redemptions: reserve, commit, confirm, release. The unique index on (token, slot) is the judge. */
export class RedemptionLedger {
  readonly #ofPeer: StatementSync
  readonly #insert: StatementSync
  readonly #takeSlot: StatementSync
  readonly #advance: StatementSync
  readonly #nextFence: StatementSync
  readonly #takeOver: StatementSync
  readonly #token: StatementSync
  readonly #holders: StatementSync
  readonly #intend: StatementSync
  readonly #delegate: StatementSync
  readonly #commit: StatementSync
  readonly #confirm: StatementSync
  readonly #release: StatementSync
  readonly #freeSlot: StatementSync
  readonly #lapsed: StatementSync
  readonly #bytes: StatementSync

  constructor(database: DatabaseSync) {
    const prepare = (sql: string): StatementSync => database.prepare(sql)
    this.#ofPeer = prepare(`
      SELECT id, bootstrap_id, request_hash, state, fence, slot, tally_id, approved_at
      FROM redemptions WHERE token_id = ? AND peer_id = ? AND state <> 'released'
      ORDER BY approved_at DESC`)
    // One statement: not revoked, not expired, a slot free. No row means no.
    this.#insert = prepare(`
      INSERT INTO redemptions (id, token_id, slot, peer_id, bootstrap_id, request_hash, session_id,
        fence, state, tally_id, approved_at, reserved_until, changed_at)
      SELECT ?1, id, slot, ?3, ?4, ?5, ?6, ?7, 'reserved', '', ?8, ?9, ?8
      FROM (
        SELECT t.id, coalesce(
          (SELECT min(f.slot) FROM free_slots f WHERE f.token_id = t.id),
          CASE WHEN t.uses IS NULL OR t.next_slot <= t.uses THEN t.next_slot END) AS slot
        FROM tokens t WHERE t.id = ?2 AND t.revoked_at IS NULL AND t.expires_at > ?8
      ) WHERE slot IS NOT NULL
      ON CONFLICT DO NOTHING RETURNING slot`)
    this.#takeSlot = prepare('DELETE FROM free_slots WHERE token_id = ? AND slot = ?')
    this.#advance = prepare('UPDATE tokens SET next_slot = ?2 + 1 WHERE id = ?1 AND next_slot = ?2')
    this.#nextFence = prepare(
      `UPDATE counters SET value = value + 1 WHERE name = 'fence' RETURNING value`,
    )
    this.#takeOver = prepare(`
      UPDATE redemptions SET fence = ?2, session_id = ?3, bootstrap_id = ?4, request_hash = ?5,
        tally_id = ?6, reserved_until = ?7, changed_at = ?8 WHERE id = ?1`)
    this.#token = prepare('SELECT revoked_at, expires_at FROM tokens WHERE id = ?')
    this.#holders = prepare(
      `SELECT count(*) AS pending FROM redemptions
       WHERE token_id = ? AND state NOT IN ('committed', 'released')`,
    )
    this.#intend = prepare(`
      UPDATE redemptions SET state = 'provisioning', changed_at = ?
      WHERE id = ? AND fence = ? AND state IN ('reserved', 'provisioning')`)
    this.#delegate = prepare(`
      UPDATE redemptions SET state = 'delegated', response = ?, reserved_until = ?
      WHERE id = ? AND fence = ? AND state IN ('reserved', 'delegated')`)
    this.#commit = prepare(`
      UPDATE redemptions SET state = 'committed', delivery = ?, tally_id = ?,
        response = coalesce(?, response), response_hash = coalesce(?, response_hash), receipt = ?,
        changed_at = ?
      WHERE id = ? AND fence = ? AND state IN ('reserved', 'provisioning', 'delegated')`)
    this.#confirm = prepare(`
      UPDATE redemptions SET delivery = 'confirmed', changed_at = ?
      WHERE id = ? AND peer_id = ? AND response_hash = ? AND state = 'committed'
      RETURNING tally_id, token_id`)
    this.#release = prepare(`
      UPDATE redemptions SET state = 'released', ended_reason = ?, changed_at = ?
      WHERE id = ? AND fence = ? AND state IN ('reserved', 'provisioning', 'delegated')
      RETURNING token_id, slot`)
    this.#freeSlot = prepare('INSERT OR IGNORE INTO free_slots (token_id, slot) VALUES (?, ?)')
    this.#lapsed = prepare(`
      SELECT id, token_id, peer_id, session_id, fence, slot, tally_id, approved_at, state
      FROM redemptions WHERE state IN ('reserved', 'provisioning', 'delegated')
        AND reserved_until < ? LIMIT ?`)
    this.#bytes = prepare('SELECT response, receipt FROM redemptions WHERE id = ?')
  }

  /** One use of the token for this peer, or the reason why not. See 3-session "Exactly once". */
  reserve(request: ReserveRequest): ReserveOutcome {
    return this.#existing(request) ?? this.#fresh(request)
  }

  /** What this peer already has on the token, even if the token is no longer good. */
  resume(request: ReserveRequest): ReserveOutcome | undefined {
    return this.#existing(request)
  }

  intend(claim: Claim, now: number): boolean {
    return this.#intend.run(now, claim.redemptionId, claim.fence).changes === 1
  }

  delegate(claim: Claim, response: Uint8Array, until: number): boolean {
    return this.#delegate.run(response, until, claim.redemptionId, claim.fence).changes === 1
  }

  commit(
    claim: Claim,
    made: {
      readonly tallyId: string
      readonly delivery: 'offered' | 'confirmed'
      readonly response?: Uint8Array
      readonly responseHash?: string
      readonly receipt?: Uint8Array
    },
    now: number,
  ): boolean {
    const { changes } = this.#commit.run(
      made.delivery,
      made.tallyId,
      made.response ?? null,
      made.responseHash ?? null,
      made.receipt ?? null,
      now,
      claim.redemptionId,
      claim.fence,
    )
    return changes === 1
  }

  /** The tally and token it was about, or undefined if this peer was offered no such thing. */
  confirm(
    redemptionId: string,
    peerId: string,
    responseHash: string,
    now: number,
  ): { readonly tallyId: string; readonly tokenId: string } | undefined {
    const row = this.#confirm.get(now, redemptionId, peerId, responseHash)
    return row === undefined
      ? undefined
      : { tallyId: text(row, 'tally_id'), tokenId: text(row, 'token_id') }
  }

  release(claim: Claim, reason: string, now: number): boolean {
    const row = this.#release.get(reason, now, claim.redemptionId, claim.fence)
    if (row === undefined) return false
    this.#freeSlot.run(text(row, 'token_id'), integer(row, 'slot'))
    return true
  }

  /** Reservations past their deadline, oldest rows first. */
  lapsed(now: number, limit: number): readonly LapsedReservation[] {
    return this.#lapsed.all(now, limit).map((row) => ({
      claim: toClaim(row, integer(row, 'fence')),
      tokenId: text(row, 'token_id'),
      peerId: text(row, 'peer_id'),
      sessionId: text(row, 'session_id'),
      state: text(row, 'state'),
    }))
  }

  storedResponse(redemptionId: string): Uint8Array | undefined {
    const row = this.#bytes.get(redemptionId)
    return row === undefined ? undefined : optionalBlob(row, 'response')
  }

  storedReceipt(redemptionId: string): Uint8Array | undefined {
    const row = this.#bytes.get(redemptionId)
    return row === undefined ? undefined : optionalBlob(row, 'receipt')
  }

  #existing(request: ReserveRequest): ReserveOutcome | undefined {
    const rows = this.#ofPeer.all(request.grant.tokenId, request.peerId)
    const same = rows.find((row) => row['bootstrap_id'] === request.bootstrapId)
    if (same !== undefined) {
      return text(same, 'request_hash') === request.requestHash
        ? this.#again(same, request)
        : refuse('mismatch', 'the same request came before with other content')
    }
    if (request.another && request.grant.usesAllowed !== 1) return undefined
    const other = rows.find((row) => row['state'] === 'committed') ?? rows[0]
    return other === undefined ? undefined : this.#again(other, request)
  }

  /** The peer has this redemption already. */
  #again(row: Row, request: ReserveRequest): ReserveOutcome {
    const id = text(row, 'id')
    const state = text(row, 'state')
    if (state === 'committed') {
      const claim = toClaim(row, integer(row, 'fence'))
      return { kind: 'replayed', claim, tallyId: claim.tallyId }
    }
    if (request.isRunning(id)) {
      return {
        kind: 'refused',
        code: 'in_progress',
        reason: 'this request is already under way',
        retryAfterMs: IN_PROGRESS_RETRY_MS,
      }
    }
    const unchanged = text(row, 'request_hash') === request.requestHash
    const claim = toClaim(row, this.#fence())
    this.#takeOver.run(
      id,
      claim.fence,
      request.sessionId,
      request.bootstrapId,
      request.requestHash,
      claim.tallyId,
      request.reservedUntil,
      request.now,
    )
    return state === 'delegated' && unchanged
      ? { kind: 'replayed', claim, tallyId: claim.tallyId }
      : { kind: 'reserved', claim }
  }

  #fresh(request: ReserveRequest): ReserveOutcome {
    const { grant, now } = request
    const fence = this.#fence()
    const row = this.#insert.get(
      request.redemptionId,
      grant.tokenId,
      request.peerId,
      request.bootstrapId,
      request.requestHash,
      request.sessionId,
      fence,
      now,
      request.reservedUntil,
    )
    if (row === undefined) return this.#refusal(grant.tokenId, now)
    const slot = integer(row, 'slot')
    if (this.#advance.run(grant.tokenId, slot).changes === 0) {
      this.#takeSlot.run(grant.tokenId, slot)
    }
    const tallyId = tallyIdOf({
      tokenId: grant.tokenId,
      use: slot,
      inviter: request.inviter,
      invitee: request.peerId,
    })
    this.#takeOver.run(
      request.redemptionId,
      fence,
      request.sessionId,
      request.bootstrapId,
      request.requestHash,
      tallyId,
      request.reservedUntil,
      now,
    )
    return {
      kind: 'reserved',
      claim: { redemptionId: request.redemptionId, fence, use: slot, tallyId, approvedAt: now },
    }
  }

  #refusal(tokenId: string, now: number): ReserveOutcome {
    const token = this.#token.get(tokenId)
    if (token === undefined) return refuse('internal', 'the token is not in the ledger')
    if (token['revoked_at'] !== null) return refuse('revoked', 'this invitation was withdrawn')
    if (integer(token, 'expires_at') <= now) return refuse('expired', 'this invitation has expired')
    const pending = integer(this.#holders.get(tokenId) ?? { pending: 0 }, 'pending')
    return pending > 0
      ? {
          kind: 'refused',
          code: 'in_progress',
          reason: 'somebody else is redeeming the last use right now',
          retryAfterMs: IN_PROGRESS_RETRY_MS,
        }
      : refuse('used', 'this invitation is used up')
  }

  #fence(): number {
    const row = this.#nextFence.get()
    if (row === undefined) throw new TypeError('the fence counter is missing')
    return integer(row, 'value')
  }
}

function refuse(code: 'mismatch' | 'internal' | 'revoked' | 'expired' | 'used', reason: string) {
  return { kind: 'refused', code, reason } as const
}

function toClaim(row: Row, fence: number): Claim {
  return {
    redemptionId: text(row, 'id'),
    fence,
    use: integer(row, 'slot'),
    tallyId: text(row, 'tally_id'),
    approvedAt: integer(row, 'approved_at'),
  }
}

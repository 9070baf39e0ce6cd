import type { DatabaseSync, StatementSync } from 'node:sqlite'
import type { AgreedTerms, Claim } from '../../session/machine/listener-state.ts'
import type { RemovalOrder } from '../../session/ports/removals.ts'
import type { LapsedReservation } from '../../session/ports/uses/reservation.ts'
import { integer, optionalBlob, text } from '../row/row.ts'
import { RESERVATION_COLUMNS, STANDING_RESERVATION, toReservation } from './claim-row.ts'
import { KEEP_AGREED, PUT_ON, termsColumns } from './token-terms.ts'

/** The result of a write that rests on an approval by the checks. */
export type ApprovedWrite =
  | 'done'
  /** The token was revoked since it was checked. */
  | 'revoked'
  /** Another session took over, or this approval was used up before. */
  | 'lost'

/** The outcome of a redemption. */
export interface CommittedRedemption {
  readonly tallyId: string
  readonly delivery: 'offered' | 'confirmed'
  readonly response?: { readonly payload: Uint8Array; readonly hash: string }
  readonly receipt?: Uint8Array
}

const NOT_REVOKED = '(SELECT t.revoked_at FROM tokens t WHERE t.id = redemptions.token_id) IS NULL'

// `approved_fence` is the fence under which the checks said yes, negative once that was used up. What was
// approved or used under an earlier fence counts for nothing.
const UNUSED = 'coalesce(approved_fence, 0) > -fence'

const APPROVE = `
  UPDATE redemptions SET approved_fence = fence
  WHERE id = ? AND fence = ? AND state IN ('reserved', 'provisioning', 'delegated')
    AND ${UNUSED} AND ${NOT_REVOKED}`

/** Approves and uses the approval up in one statement: the checks' last transition begins to build. */
const INTEND = `
  UPDATE redemptions SET state = 'provisioning', approved_fence = -fence, changed_at = ?
  WHERE id = ? AND fence = ? AND state IN ('reserved', 'provisioning')
    AND ${UNUSED} AND ${NOT_REVOKED}`

const DELEGATE = `
  UPDATE redemptions SET state = 'delegated', approved_fence = -fence,
    reserved_until = max(reserved_until, ?)
  WHERE id = ? AND fence = ? AND state IN ('reserved', 'delegated')
    AND approved_fence = fence AND ${NOT_REVOKED} RETURNING seq`

const REVOKED = `
  SELECT 1 FROM redemptions WHERE id = ? AND fence = ? AND reserved_until IS NOT NULL
    AND NOT (${NOT_REVOKED})`

const COMMIT = `
  UPDATE redemptions SET state = 'committed', delivery = ?, tally_id = ?, response_hash = ?,
    reserved_until = NULL, changed_at = ?
  WHERE id = ? AND fence = ? AND state IN ('reserved', 'provisioning', 'delegated') RETURNING seq`

const KEEP_ANSWER = `
  INSERT INTO answers (redemption, response, receipt) VALUES (?, ?, ?)
  ON CONFLICT (redemption) DO UPDATE SET
    response = coalesce(excluded.response, response), receipt = excluded.receipt`

const CONFIRM = `
  UPDATE redemptions SET delivery = 'confirmed', changed_at = ?
  WHERE id = ? AND peer_id = ? AND response_hash = ? AND state = 'committed'
    AND withdrawn_at IS NULL
  RETURNING tally_id, token_id`

const RELEASE = `
  UPDATE redemptions SET state = 'released', reserved_until = NULL, released_for = ?1,
    released_at = ?2, changed_at = ?2
  WHERE id = ?3 AND fence = ?4 AND state IN ('reserved', 'provisioning', 'delegated')
  RETURNING token_id, slot`

const BUILDER = `
  SELECT session_id, peer_id FROM redemptions
  WHERE id = ? AND fence = ? AND state = 'provisioning'`

const FREE_SLOT = 'INSERT OR IGNORE INTO free_slots (token_id, slot) VALUES (?, ?)'

export const LAPSED = `
  SELECT ${RESERVATION_COLUMNS} FROM redemptions WHERE reserved_until < ? LIMIT ?`

const COMMITTED = `
  SELECT count(*) AS uses FROM redemptions WHERE token_id = ? AND state = 'committed'`

const BUILDING = `
  SELECT 1 FROM redemptions
  WHERE reserved_until IS NOT NULL AND state = 'provisioning' AND tally_id = ?`

const ANSWER = `
  SELECT response, receipt FROM answers
  WHERE redemption = (SELECT seq FROM redemptions WHERE id = ?)`

const KNOWN = `
  SELECT 1 FROM redemptions WHERE id = ? AND token_id = ? AND peer_id = ? AND released_at IS NULL`

/**
 * The redemptions from their reservation on. Every write quotes the claim; with a fence that is no longer the current one
 * it changes nothing and returns false.
 */
export class Redemptions {
  readonly #approve: StatementSync
  readonly #intend: StatementSync
  readonly #delegate: StatementSync
  readonly #revoked: StatementSync
  readonly #keepAgreed: StatementSync
  readonly #putOn: StatementSync
  readonly #commit: StatementSync
  readonly #keepAnswer: StatementSync
  readonly #confirm: StatementSync
  readonly #release: StatementSync
  readonly #builder: StatementSync
  readonly #freeSlot: StatementSync
  readonly #lapsed: StatementSync
  readonly #standing: StatementSync
  readonly #committed: StatementSync
  readonly #building: StatementSync
  readonly #answer: StatementSync
  readonly #known: StatementSync
  readonly #bootstrapId: StatementSync

  constructor(database: DatabaseSync) {
    this.#approve = database.prepare(APPROVE)
    this.#intend = database.prepare(INTEND)
    this.#delegate = database.prepare(DELEGATE)
    this.#revoked = database.prepare(REVOKED)
    this.#keepAgreed = database.prepare(KEEP_AGREED)
    this.#putOn = database.prepare(PUT_ON)
    this.#commit = database.prepare(COMMIT)
    this.#keepAnswer = database.prepare(KEEP_ANSWER)
    this.#confirm = database.prepare(CONFIRM)
    this.#release = database.prepare(RELEASE)
    this.#builder = database.prepare(BUILDER)
    this.#freeSlot = database.prepare(FREE_SLOT)
    this.#lapsed = database.prepare(LAPSED)
    this.#standing = database.prepare(STANDING_RESERVATION)
    this.#committed = database.prepare(COMMITTED)
    this.#building = database.prepare(BUILDING)
    this.#answer = database.prepare(ANSWER)
    this.#known = database.prepare(KNOWN)
    this.#bootstrapId = database.prepare('SELECT bootstrap_id FROM redemptions WHERE id = ?')
  }

  /** Has a reservation be on these terms, whichever it was made on. */
  putOn(redemptionId: string, grant: AgreedTerms): void {
    const values = [redemptionId, ...termsColumns(grant), grant.revision ?? null] as const
    this.#keepAgreed.run(...values)
    this.#putOn.run(...values)
  }

  approve(claim: Claim): ApprovedWrite {
    const { changes } = this.#approve.run(claim.redemptionId, claim.fence)
    return changes === 1 ? 'done' : this.#whyNot(claim)
  }

  intend(claim: Claim, now: number): ApprovedWrite {
    const { changes } = this.#intend.run(now, claim.redemptionId, claim.fence)
    return changes === 1 ? 'done' : this.#whyNot(claim)
  }

  delegate(claim: Claim, response: Uint8Array, until: number): ApprovedWrite {
    const row = this.#delegate.get(until, claim.redemptionId, claim.fence)
    if (row === undefined) return this.#whyNot(claim)
    this.#keepAnswer.run(integer(row, 'seq'), response, null)
    return 'done'
  }

  commit({ redemptionId, fence }: Claim, made: CommittedRedemption, now: number): boolean {
    const { delivery, tallyId, response, receipt } = made
    const hash = response?.hash ?? null
    const row = this.#commit.get(delivery, tallyId, hash, now, redemptionId, fence)
    if (row === undefined) return false
    this.#keepAnswer.run(integer(row, 'seq'), response?.payload ?? null, receipt ?? null)
    return true
  }

  /** Confirms an offer, and returns its tally and token; undefined if this peer was not offered it. */
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

  /** Returns the bootstrapId of the contact that was answered, or is being answered. */
  bootstrapIdOf(redemptionId: string): string | undefined {
    const row = this.#bootstrapId.get(redemptionId)
    return row && text(row, 'bootstrap_id')
  }

  /** Gives the use back. Possible only before the commit. */
  release({ redemptionId, fence }: Claim, reason: string, now: number): boolean {
    const row = this.#release.get(reason, now, redemptionId, fence)
    if (row === undefined) return false
    this.#freeSlot.run(text(row, 'token_id'), integer(row, 'slot'))
    return true
  }

  /** Returns the session and peer for which a database is being built; undefined if none is. */
  builderOf({
    redemptionId,
    fence,
  }: Claim): Pick<RemovalOrder, 'sessionId' | 'peerId'> | undefined {
    const row = this.#builder.get(redemptionId, fence)
    return row && { sessionId: text(row, 'session_id'), peerId: text(row, 'peer_id') }
  }

  /** Returns reservations past their deadline, in no particular order. */
  lapsed(now: number, limit: number): readonly LapsedReservation[] {
    return this.#lapsed.all(now, limit).map(toReservation)
  }

  /** Returns the claim of a redemption that is neither committed nor released. */
  standing(redemptionId: string): LapsedReservation | undefined {
    const row = this.#standing.get(redemptionId)
    return row === undefined ? undefined : toReservation(row)
  }

  /** Counts the committed uses of a token. */
  committedUses(tokenId: string): number {
    const row = this.#committed.get(tokenId)
    return row === undefined ? 0 : integer(row, 'uses')
  }

  /** True if a database of that id may be being built for a reservation that stands. */
  isBuilding(tallyId: string): boolean {
    return this.#building.get(tallyId) !== undefined
  }

  /** True if it is this peer's: committed, or under way. */
  knows(redemptionId: string, tokenId: string, peerId: string): boolean {
    return this.#known.get(redemptionId, tokenId, peerId) !== undefined
  }

  storedResponse(redemptionId: string): Uint8Array | undefined {
    const row = this.#answer.get(redemptionId)
    return row === undefined ? undefined : optionalBlob(row, 'response')
  }

  storedReceipt(redemptionId: string): Uint8Array | undefined {
    const row = this.#answer.get(redemptionId)
    return row === undefined ? undefined : optionalBlob(row, 'receipt')
  }

  #whyNot({ redemptionId, fence }: Claim): ApprovedWrite {
    return this.#revoked.get(redemptionId, fence) === undefined ? 'lost' : 'revoked'
  }
}

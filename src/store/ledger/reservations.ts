import type { DatabaseSync, StatementSync } from 'node:sqlite'
import { tallyIdOf } from '../../protocol/draft/tally-id.ts'
import type { Claim } from '../../session/machine/listener-state.ts'
import {
  PAUSED,
  type ReserveOutcome,
  type ReserveRequest,
} from '../../session/ports/uses/reservation.ts'
import { integer, type Row, text } from '../row/row.ts'
import { CLAIM_COLUMNS, toClaim } from './claim-row.ts'
import {
  CHANGING,
  EXPIRED,
  OFFER_CHANGED,
  OTHER_CONTENT,
  REVOKED,
  takenUses,
  UNDER_WAY,
  WITHDRAWN_OFFER,
} from './refused-uses.ts'
import { reservedOn, TERMS_COLUMNS, termsColumns, WITH_TERMS } from './token-terms.ts'

// The plus keeps the planner off the index on the token: a standing invitation has any number of rows
// there, a peer has few.
const OF_PEER = `
  SELECT ${CLAIM_COLUMNS}, bootstrap_id, request_hash, session_id, state, sessions, withdrawn_at,
    ${TERMS_COLUMNS}
  FROM ${WITH_TERMS} WHERE r.peer_id = ? AND +r.token_id = ? AND r.released_at IS NULL`

/** A query of its own, because a peer may have thousands of redemptions on one standing invitation. */
export const SAME_REQUEST = `${OF_PEER} AND bootstrap_id = ?
  ORDER BY approved_at DESC, seq DESC LIMIT 1`

export const ANY_REQUEST = `${OF_PEER}
  ORDER BY state = 'committed' DESC, withdrawn_at IS NULL DESC, approved_at DESC, seq DESC LIMIT 1`

/** The use that is given out next. Uses that were given back come first; if there are none, all up to the highest are taken. */
export const NEXT_SLOT = `coalesce(
      (SELECT min(f.slot) FROM free_slots f WHERE f.token_id = t.id),
      (SELECT max(r.slot) + 1 FROM redemptions r WHERE r.token_id = t.id AND r.released_at IS NULL),
      1)`

/**
 * Reserves a use in one statement, if the token is not revoked, has the terms that were granted, has a free use, and is as wanted.
 * Returns no row if it reserved nothing. The terms of a foreign hook's token are what it has just said.
 */
function insertFor(wanted: string): string {
  return `
  INSERT INTO redemptions (id, token_id, slot, peer_id, bootstrap_id, request_hash, session_id,
    fence, state, tally_id, approved_at, reserved_until, changed_at, revision)
  SELECT ?1, id, slot, ?3, ?4, ?5, ?6, (SELECT value + 1 FROM counters WHERE name = 'fence'),
    'reserved', tally_id_of(id, slot, ?9, ?3), ?7, ?8, ?7,
    iif((required, optional, terms) = (?11, ?12, ?13), revision, NULL)
  FROM (
    SELECT t.id, t.uses, t.revision, t.required, t.optional, t.terms, ${NEXT_SLOT} AS slot
    FROM tokens t WHERE t.id = ?2 AND t.revoked_at IS NULL AND ${wanted}
      AND CASE WHEN t.secret_hash IS NULL
        THEN (t.required, t.optional, t.terms) = (?11, ?12, ?13)
        ELSE t.revision = coalesce(?10, t.revision) END
  ) WHERE uses IS NULL OR slot <= uses
  ON CONFLICT DO NOTHING RETURNING fence, slot, tally_id,
    EXISTS (SELECT 1 FROM tallies o WHERE o.tally_id = redemptions.tally_id) AS is_taken`
}

/** For whoever comes: never of an invitation by hand. */
export const INSERT = insertFor('t.paused_at IS NULL AND t.expires_at > ?7 AND t.by_hand = 0')

/** By the inviter's yes to a request that came in time. */
const INSERT_BY_HAND = insertFor('t.by_hand = 1')

const STANDING = `
  SELECT ${CLAIM_COLUMNS}, bootstrap_id, request_hash, session_id, state, sessions, withdrawn_at,
    ${TERMS_COLUMNS}
  FROM ${WITH_TERMS} WHERE r.id = ? AND r.released_at IS NULL`

const RENAME = 'UPDATE redemptions SET tally_id = ? WHERE id = ?'

/**
 * A retry never shortens its reservation: the peer was told how long it stands. An answer that is repeated stays one to the
 * contact that it was made for, so that nobody commits itself to another number once it has seen it.
 */
const TAKE_OVER = `
  UPDATE redemptions SET fence = ?2, session_id = ?3,
    bootstrap_id = iif(state = 'delegated' AND request_hash = ?5, bootstrap_id, ?4), request_hash = ?5,
    reserved_until = max(reserved_until, ?6), changed_at = ?7, sessions = sessions + 1
  WHERE id = ?1`

/** Starts the age of an offer anew, so that an answer that was repeated just now is not withdrawn. */
const COUNT = `
  UPDATE redemptions SET sessions = sessions + 1,
    changed_at = CASE delivery WHEN 'offered' THEN max(changed_at, ?2) ELSE changed_at END
  WHERE id = ?1`

export const HOLDS = `
  SELECT 1 FROM redemptions WHERE peer_id = ? AND released_at IS NULL
    AND (reserved_until IS NOT NULL OR (delivery = 'offered' AND withdrawn_at IS NULL)) LIMIT 1`

export const PENDING = `
  SELECT count(*) AS pending FROM redemptions
  WHERE token_id = ? AND reserved_until IS NOT NULL`

/** Gives out the uses of tokens. The unique index on (token, slot) decides between two requests. */
export class Reservations {
  readonly #sameRequest: StatementSync
  readonly #anyRequest: StatementSync
  readonly #standing: StatementSync
  readonly #insert: StatementSync
  readonly #insertByHand: StatementSync
  readonly #rename: StatementSync
  readonly #takeSlot: StatementSync
  /** Makes a fence that no claim had before. */
  readonly #countFence: StatementSync
  readonly #fence: StatementSync
  readonly #takeOver: StatementSync
  readonly #count: StatementSync
  readonly #token: StatementSync
  readonly #pending: StatementSync
  readonly #holds: StatementSync

  constructor(database: DatabaseSync) {
    database.function('tally_id_of', { deterministic: true }, (tokenId, use, inviter, invitee) =>
      tallyIdOf({
        tokenId: String(tokenId),
        use: Number(use),
        inviter: String(inviter),
        invitee: String(invitee),
      }),
    )
    this.#sameRequest = database.prepare(SAME_REQUEST)
    this.#anyRequest = database.prepare(ANY_REQUEST)
    this.#standing = database.prepare(STANDING)
    this.#insert = database.prepare(INSERT)
    this.#insertByHand = database.prepare(INSERT_BY_HAND)
    this.#rename = database.prepare(RENAME)
    this.#takeSlot = database.prepare('DELETE FROM free_slots WHERE token_id = ? AND slot = ?')
    this.#countFence = database.prepare(
      "UPDATE counters SET value = value + 1 WHERE name = 'fence'",
    )
    this.#fence = database.prepare("SELECT value FROM counters WHERE name = 'fence'")
    this.#takeOver = database.prepare(TAKE_OVER)
    this.#count = database.prepare(COUNT)
    this.#token = database.prepare(
      'SELECT revoked_at, paused_at, expires_at, revision, secret_hash IS NULL AS is_foreign FROM tokens WHERE id = ?',
    )
    this.#pending = database.prepare(PENDING)
    this.#holds = database.prepare(HOLDS)
  }

  /**
   * Reserves a use of the token for this peer, or says why not; undefined if the token has no row here. The same request
   * gets the same answer: what this peer already has is found first, whatever became of the token.
   */
  reserve(request: ReserveRequest): ReserveOutcome | undefined {
    const row = this.#earlier(request)
    return row === undefined ? this.#fresh(request) : this.#again(row, request)
  }

  /** Goes on with a redemption that stands, whoever's session held it last; undefined if it was released. */
  retake(redemptionId: string, request: ReserveRequest): ReserveOutcome | undefined {
    const row = this.#standing.get(redemptionId)
    return row && this.#again(row, request)
  }

  /** True if a session of this process, another than the asking one, works on that redemption. */
  isUnderWay(
    redemptionId: string,
    request: Pick<ReserveRequest, 'sessionId' | 'running'>,
  ): boolean {
    const row = this.#standing.get(redemptionId)
    return row !== undefined && isUnderWay(row, request)
  }

  /** Reserves a use by the inviter's yes; undefined if none is left, or the token is not by hand, or revoked. */
  reserveByHand(request: ReserveRequest): Claim | undefined {
    const row = this.#insertOf(this.#insertByHand, request)
    return row && this.#claim(row, request)
  }

  /** Returns the stored answer that this peer has a right to even if the token is no longer valid. */
  resume(request: ReserveRequest): ReserveOutcome | undefined {
    const row = this.#earlier(request)
    return row !== undefined && isAnswered(row, request) ? this.#again(row, request) : undefined
  }

  /** True if a use of any token is under way with this peer, or its answer not acknowledged. */
  holdsAny(peerId: string): boolean {
    return this.#holds.get(peerId) !== undefined
  }

  /** Finds the redemption of this peer that the request is about. */
  #earlier(request: ReserveRequest): Row | undefined {
    const { peerId, grant, bootstrapId, another } = request
    const same = this.#sameRequest.get(peerId, grant.tokenId, bootstrapId)
    if (same !== undefined || (another && grant.usesAllowed !== 1)) return same
    return this.#anyRequest.get(peerId, grant.tokenId)
  }

  #again(row: Row, request: ReserveRequest): ReserveOutcome {
    if (row['bootstrap_id'] === request.bootstrapId && !isUnchanged(row, request)) {
      return OTHER_CONTENT
    }
    const id = text(row, 'id')
    if (row['withdrawn_at'] !== null) return WITHDRAWN_OFFER
    const known = { ...toClaim(row), retries: integer(row, 'sessions') }
    const on = reservedOn(row, request.grant)
    if (row['state'] === 'committed') {
      this.#count.run(id, request.now)
      return replay(known, on)
    }
    if (isUnderWay(row, request)) return UNDER_WAY
    this.#countFence.run()
    const fence = integer(this.#fence.get() ?? {}, 'value')
    const claim = { ...known, fence }
    const { sessionId, bootstrapId, requestHash, reservedUntil, now } = request
    this.#takeOver.run(id, claim.fence, sessionId, bootstrapId, requestHash, reservedUntil, now)
    return isAnswered(row, request) ? replay(claim, on) : { kind: 'reserved', claim, ...on }
  }

  #fresh(request: ReserveRequest): ReserveOutcome | undefined {
    if (request.isOfferOld === true) return this.#refusal(request)
    const row = this.#insertOf(this.#insert, request)
    if (row === undefined) return this.#refusal(request)
    return { kind: 'reserved', claim: this.#claim(row, request) }
  }

  #insertOf(statement: StatementSync, request: ReserveRequest): Row | undefined {
    const { grant, now } = request
    return statement.get(
      request.redemptionId,
      grant.tokenId,
      request.peerId,
      request.bootstrapId,
      request.requestHash,
      request.sessionId,
      now,
      request.reservedUntil,
      request.inviter,
      grant.revision ?? null,
      ...termsColumns(grant),
    )
  }

  #claim(row: Row, request: ReserveRequest): Claim {
    const { grant, now: approvedAt, redemptionId } = request
    const use = integer(row, 'slot')
    this.#countFence.run()
    this.#takeSlot.run(grant.tokenId, use)
    const tallyId = this.#free(row, request)
    return { redemptionId, use, approvedAt, fence: integer(row, 'fence'), tallyId }
  }

  /**
   * Returns the tally's id, another one if it is taken: a party that knows a token can compute the ids of its tallies, and as
   * an inviter may have chosen such an id for a tally that is kept here.
   */
  #free(row: Row, { redemptionId, grant, inviter, peerId: invitee }: ReserveRequest): string {
    if (row['is_taken'] !== 1) return text(row, 'tally_id')
    const origin = { tokenId: grant.tokenId, use: integer(row, 'slot'), inviter, invitee }
    const tallyId = tallyIdOf({ ...origin, redemptionId })
    this.#rename.run(tallyId, redemptionId)
    return tallyId
  }

  #refusal({ grant, isOfferOld, now }: ReserveRequest): ReserveOutcome | undefined {
    const { tokenId, revision } = grant
    const token = this.#token.get(tokenId)
    if (token === undefined) return undefined
    if (token['revoked_at'] !== null) return REVOKED
    if (integer(token, 'expires_at') <= now) return EXPIRED
    if (token['paused_at'] !== null) return PAUSED
    if (isOfferOld === true) return OFFER_CHANGED
    const isOwn = token['is_foreign'] === 0
    if (isOwn && revision !== undefined && revision !== token['revision']) return CHANGING
    return takenUses(integer(this.#pending.get(tokenId) ?? {}, 'pending'))
  }
}

function isUnchanged(row: Row, request: ReserveRequest): boolean {
  return row['request_hash'] === request.requestHash
}

/** True if another session of this process works on it. */
function isUnderWay(
  row: Row,
  { sessionId, running }: Pick<ReserveRequest, 'sessionId' | 'running'>,
): boolean {
  const holder = text(row, 'session_id')
  return holder !== sessionId && running.has(holder)
}

/** True if stored bytes answer this very request. */
function isAnswered(row: Row, request: ReserveRequest): boolean {
  return row['state'] === 'committed' || (row['state'] === 'delegated' && isUnchanged(row, request))
}

function replay(claim: Claim, on: ReturnType<typeof reservedOn>): ReserveOutcome {
  return { kind: 'replayed', claim, tallyId: claim.tallyId, ...on }
}

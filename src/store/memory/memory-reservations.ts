import { tallyIdOf } from '../../protocol/draft/tally-id.ts'
import type { Claim, Grant, OfferedTerms } from '../../session/machine/listener-state.ts'
import {
  PAUSED,
  type Prospect,
  type ProspectRequest,
  type ReserveOutcome,
  type ReserveRequest,
} from '../../session/ports/uses/reservation.ts'
import {
  CHANGING,
  EXPIRED,
  OFFER_CHANGED,
  OTHER_CONTENT,
  REVOKED,
  takenUses,
  UNDER_WAY,
  WITHDRAWN_OFFER,
} from '../ledger/refused-uses.ts'
import type { Tables } from '../work/tables.ts'
import { hasTerms } from './memory-token-tables.ts'
import { by, lastBy } from './order.ts'
import type { RedemptionRow, TokenRow } from './row-types.ts'
import { pair, type Rows } from './rows.ts'

/** The order of what a peer has on a token: what it is asked about is the last. */
const NEWEST = by<RedemptionRow>(
  ({ approvedAt }) => approvedAt,
  ({ seq }) => seq,
)
const STANDING = by<RedemptionRow>(
  ({ state }) => state === 'committed',
  ({ withdrawnAt }) => withdrawnAt === undefined,
  ({ approvedAt }) => approvedAt,
  ({ seq }) => seq,
)

interface ReservedOn {
  readonly offered?: OfferedTerms
}

type Reserving = Tables['prospects'] & Tables['reservations']

/** Gives out the uses of tokens, and says what a peer would hear if it redeemed now. */
export class MemoryReservations implements Reserving {
  readonly #rows: Rows

  constructor(rows: Rows) {
    this.#rows = rows
  }

  reserve(request: ReserveRequest): ReserveOutcome | undefined {
    const row = this.#earlier(request)
    return row === undefined ? this.#fresh(request) : this.#again(row, request)
  }

  retake(redemptionId: string, request: ReserveRequest): ReserveOutcome | undefined {
    const row = this.#standing(redemptionId)
    return row && this.#again(row, request)
  }

  isUnderWay(
    redemptionId: string,
    request: Pick<ReserveRequest, 'sessionId' | 'running'>,
  ): boolean {
    const row = this.#standing(redemptionId)
    return row !== undefined && isUnderWay(row, request)
  }

  #standing(redemptionId: string): RedemptionRow | undefined {
    const row = this.#rows.redemptions.get(redemptionId)
    return row === undefined || row.state === 'released' ? undefined : row
  }

  reserveByHand(request: ReserveRequest): Claim | undefined {
    const token = this.#rows.tokens.get(request.grant.tokenId)
    if (token === undefined || token.revokedAt !== undefined || !token.byHand) return undefined
    return this.#claim(request, token)
  }

  resume(request: ReserveRequest): ReserveOutcome | undefined {
    const row = this.#earlier(request)
    return row !== undefined && isAnswered(row, request) ? this.#again(row, request) : undefined
  }

  holdsAny(peerId: string): boolean {
    return this.#rows.unsettledOfPeer.count(peerId) > 0
  }

  /** Says how `reserve` would answer. */
  of(request: ProspectRequest): Prospect {
    const own = this.#earlier(request)
    if (own === undefined) return this.fresh(request.grant)
    return own.withdrawnAt !== undefined
      ? WITHDRAWN_OFFER
      : { ...ownProspect(own), ...this.#reservedOn(own, request.grant) }
  }

  /** The terms of a redemption, if they are known and others than are granted now. */
  #reservedOn({ tokenId, revision }: RedemptionRow, granted: OfferedTerms): ReservedOn {
    const token = this.#rows.tokens.get(tokenId)
    if (token === undefined || revision === undefined) return {}
    const { required, optional, terms } = token.pastTerms[revision] ?? token
    const offered = { required, optional, terms }
    return hasTerms(offered, granted) ? {} : { offered }
  }

  /** Finds the redemption of this peer that the request is about. */
  #earlier({ peerId, grant, bootstrapId, another }: ProspectRequest): RedemptionRow | undefined {
    const own = this.#rows.ofPeerOnToken.rows(pair(peerId, grant.tokenId))
    const same = lastBy(
      own.filter((row) => row.bootstrapId === bootstrapId),
      NEWEST,
    )
    if (same !== undefined || (another && grant.usesAllowed !== 1)) return same
    return lastBy(own, STANDING)
  }

  #again(row: RedemptionRow, request: ReserveRequest): ReserveOutcome {
    if (row.bootstrapId === request.bootstrapId && !isUnchanged(row, request)) return OTHER_CONTENT
    if (row.withdrawnAt !== undefined) return WITHDRAWN_OFFER
    const known = { ...claimOf(row), retries: row.sessions }
    const on = this.#reservedOn(row, request.grant)
    const sessions = row.sessions + 1
    if (row.state === 'committed') {
      // The age of an offer starts anew: an answer that was repeated just now is not withdrawn.
      const { changedAt: last, delivery } = row
      const changedAt = delivery === 'offered' ? Math.max(last, request.now) : last
      this.#rows.redemptions.put({ ...row, sessions, changedAt })
      return replay(known, on)
    }
    if (isUnderWay(row, request)) return UNDER_WAY
    const fence = this.#rows.fence.next()
    const { sessionId, requestHash, now: changedAt } = request
    // An answer that is repeated stays one to the contact that it was made for.
    const { bootstrapId } = isAnswered(row, request) ? row : request
    // A retry never shortens its reservation: the peer was told how long it stands.
    const reservedUntil = Math.max(row.reservedUntil ?? 0, request.reservedUntil)
    const taken = { fence, sessionId, bootstrapId, requestHash, reservedUntil, changedAt, sessions }
    this.#rows.redemptions.put({ ...row, ...taken })
    const claim = { ...known, fence }
    return isAnswered(row, request) ? replay(claim, on) : { kind: 'reserved', claim, ...on }
  }

  #fresh(request: ReserveRequest): ReserveOutcome | undefined {
    const { grant, now } = request
    const token = this.#rows.tokens.get(grant.tokenId)
    if (token === undefined) return undefined
    if (token.revokedAt !== undefined) return REVOKED
    if (token.expiresAt <= now) return EXPIRED
    if (token.pausedAt !== undefined) return PAUSED
    if (request.isOfferOld === true) return OFFER_CHANGED
    if (hasOtherTerms(token, grant)) return CHANGING
    const claim = token.byHand ? undefined : this.#claim(request, token)
    return claim === undefined ? this.#taken(token.id) : { kind: 'reserved', claim }
  }

  #claim(request: ReserveRequest, token: TokenRow): Claim | undefined {
    const { grant, now: approvedAt, redemptionId } = request
    const use = this.#nextUse(token.id)
    const isKnown = this.#rows.redemptions.get(redemptionId) !== undefined
    if (isTaken(use, token.uses) || isKnown) return undefined
    const fence = this.#rows.fence.next()
    const tallyId = this.#freeTallyId(use, request)
    this.#rows.redemptions.put({
      ...freshRow(request, this.#rows.redemptionSeq.next()),
      slot: use,
      revision: hasTerms(token, grant) ? token.revision : undefined,
      fence,
      tallyId,
    })
    this.#rows.freeSlots.delete(pair(token.id, String(use)))
    return { redemptionId, use, approvedAt, fence, tallyId }
  }

  /** Says whether a new use could be given. */
  fresh(grant: Grant): Prospect {
    const token = this.#rows.tokens.get(grant.tokenId)
    // A foreign hook's token that nobody has redeemed yet.
    if (token === undefined) return { kind: 'free' }
    if (token.revokedAt !== undefined) return REVOKED
    if (token.pausedAt !== undefined) return PAUSED
    // The limits of a foreign token are as old here as its last reservation; the hook has just told them anew.
    const uses = isForeign(token) ? grant.usesAllowed : token.uses
    return isTaken(this.#nextUse(token.id), uses) ? this.#taken(token.id) : { kind: 'free' }
  }

  /** Returns the use that is given out next: one that was given back, or the first that never was given. */
  #nextUse(tokenId: string): number {
    const [free] = this.#rows.freeOfToken.rows(tokenId).toSorted(by(({ slot }) => slot))
    return free?.slot ?? this.#rows.takenOfToken.count(tokenId) + 1
  }

  #taken(tokenId: string) {
    return takenUses(this.#rows.reservedOfToken.count(tokenId))
  }

  /**
   * Returns the tally's id, another one if it is taken: a party that knows a token can compute the ids of its tallies, and
   * as an inviter may have chosen such an id for a tally that is kept here.
   */
  #freeTallyId(use: number, { redemptionId, grant, inviter, peerId }: ReserveRequest): string {
    const origin = { tokenId: grant.tokenId, use, inviter, invitee: peerId }
    const tallyId = tallyIdOf(origin)
    const isFree = this.#rows.tallies.get(tallyId) === undefined
    return isFree ? tallyId : tallyIdOf({ ...origin, redemptionId })
  }
}

export function claimOf(row: RedemptionRow): Claim {
  const { id: redemptionId, fence, slot: use, tallyId, approvedAt } = row
  return { redemptionId, fence, use, tallyId, approvedAt }
}

function freshRow(request: ReserveRequest, seq: number) {
  const { redemptionId: id, grant, peerId, bootstrapId, requestHash, sessionId, now } = request
  return {
    ...{ seq, id, tokenId: grant.tokenId, peerId, bootstrapId, requestHash, sessionId },
    state: 'reserved' as const,
    delivery: undefined,
    approvedAt: now,
    reservedUntil: request.reservedUntil,
    changedAt: now,
    approvedFence: 0,
    responseHash: undefined,
    sessions: 1,
    releasedFor: undefined,
    withdrawnAt: undefined,
  }
}

/**
 * True if the terms that were granted are no longer the token's. Those of a foreign hook's token are what it has just said:
 * they are to be taken over.
 */
function hasOtherTerms(token: TokenRow, grant: Grant): boolean {
  if (isForeign(token)) return !hasTerms(token, grant)
  return grant.revision !== undefined && grant.revision !== token.revision
}

function isForeign({ secretHash }: TokenRow): boolean {
  return secretHash === undefined
}

function isTaken(use: number, uses: number | null): boolean {
  return uses !== null && use > uses
}

function isUnchanged(row: RedemptionRow, { requestHash }: ReserveRequest): boolean {
  return row.requestHash === requestHash
}

/** True if another session of this process works on it. */
function isUnderWay(
  row: RedemptionRow,
  { sessionId, running }: Pick<ReserveRequest, 'sessionId' | 'running'>,
): boolean {
  return row.sessionId !== sessionId && running.has(row.sessionId)
}

/** True if stored bytes answer this very request. */
function isAnswered(row: RedemptionRow, request: ReserveRequest): boolean {
  return row.state === 'committed' || (row.state === 'delegated' && isUnchanged(row, request))
}

function replay(claim: Claim, on: ReservedOn): ReserveOutcome {
  return { kind: 'replayed', claim, tallyId: claim.tallyId, ...on }
}

function ownProspect({ state }: RedemptionRow) {
  return { kind: 'own', isAnswered: state === 'committed' || state === 'delegated' } as const
}

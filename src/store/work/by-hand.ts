import { compact } from '../../protocol/base/compact.ts'
import type { Grant } from '../../session/machine/listener-state.ts'
import {
  grantDigest,
  type KeptRequest,
  MAX_REQUESTS,
  MAX_REQUESTS_PER_PEER,
  MAX_REQUESTS_PER_TOKEN,
  type PendingRequest,
  ROOM_OF_EACH_TOKEN,
} from '../../session/ports/uses/pending-request.ts'
import {
  NOT_YET,
  type Prospect,
  type ProspectRequest,
  type RefusedUse,
  type ReserveOutcome,
  type ReserveRequest,
} from '../../session/ports/uses/reservation.ts'
import type { InviterWrite } from '../../session/ports/write.ts'
import {
  CHANGING,
  CROWDED,
  DECLINED,
  deniedByHand,
  EXPIRED,
  HELD_BY_HAND,
  NOT_BY_HAND,
  OFFER_CHANGED,
  OTHER_CONTENT,
  UNDER_WAY,
} from '../ledger/refused-uses.ts'
import { dropRequest } from './drop-request.ts'
import { mirrorToken } from './reserve-use.ts'
import type { Tables } from './tables.ts'

// Invitations at which the inviter says yes or no to each request. A use is taken by the yes, and by nothing else: what
// waits holds none, so that a crowd of requests takes nothing from anybody.

/** How a contact stands to the inviter's word. */
type Standing =
  | RefusedUse
  /** The inviter has said yes to this very request. */
  | { readonly kind: 'approved'; readonly request: PendingRequest }
  /** It knows nothing of it. `instead`: the peer had asked for something else, which this one replaces. */
  | { readonly kind: 'unasked'; readonly instead?: PendingRequest }

/** Answers a contact: goes on with what the inviter has said yes to, or says what keeps it from that. */
export function reserveByHand(tables: Tables, request: ReserveRequest): ReserveOutcome {
  const { redemptions, requests, reservations } = tables
  const answered = reservations.resume(request)
  if (answered !== undefined) return answered
  const standing = standingOf(tables, request)
  if (standing.kind === 'unasked') return { kind: 'unasked' }
  if (standing.kind === 'refused') {
    const waiting = standing.code === 'pending' ? requests.of(request) : undefined
    if (waiting !== undefined) rename(tables, waiting, request)
    return standing
  }
  if (request.unlessAnswered !== undefined) return request.unlessAnswered
  rename(tables, standing.request, request)
  // It is for what was shown, which is what is granted now, whatever the ledger had when the yes was said.
  redemptions.putOn(standing.request.redemptionId, request.grant)
  return reservations.retake(standing.request.redemptionId, request) ?? { kind: 'unasked' }
}

/** A peer that has lost its own id of the request is known by the new one from now on. */
function rename(
  { requests }: Tables,
  { id, bootstrapId }: PendingRequest,
  to: ReserveRequest,
): void {
  if (bootstrapId !== to.bootstrapId) requests.rename(id, to.bootstrapId)
}

function standingOf(tables: Tables, request: ReserveRequest): Standing {
  const { declines, denials, redemptions, requests, reservations } = tables
  const { grant, peerId } = request
  const denial = denials.of(grant.tokenId, peerId)
  if (denial !== undefined) return deniedByHand(denial.reason)
  if (declines.has(grant.tokenId, peerId)) return DECLINED
  const found = requests.of(request)
  if (found === undefined) return newcomer(tables, request)
  if (!isSame(found, request)) {
    if (found.bootstrapId === request.bootstrapId && found.requestHash !== request.requestHash)
      return OTHER_CONTENT
    if (reservations.isUnderWay(found.redemptionId, request)) return UNDER_WAY
    return newcomer(tables, request, found)
  }
  if (found.approvedAt !== undefined) {
    const state = redemptions.standing(found.redemptionId)?.state
    const isLapsed = state === undefined || (state === 'reserved' && found.until <= request.now)
    if (!isLapsed) return offerRefusal(request) ?? { kind: 'approved', request: found }
    if (reservations.isUnderWay(found.redemptionId, request)) return UNDER_WAY
    return newcomer(tables, request, found)
  }
  if (found.until <= request.now) return newcomer(tables, request, found)
  const refusal = whyNone(tables, request) ?? offerRefusal(request)
  return refusal ?? { ...NOT_YET, pendingUntil: found.until }
}

/** The refusal of a peer that has agreed to another offer: it is neither asked about nor given anything. */
function offerRefusal({ isOfferOld }: ReserveRequest): RefusedUse | undefined {
  return isOfferOld === true ? OFFER_CHANGED : undefined
}

/** True if it is all that the inviter has seen, or will see: a yes is for that. */
function isSame(found: PendingRequest, { requestHash, grant }: ReserveRequest): boolean {
  return found.requestHash === requestHash && found.grantHash === grantDigest(grant)
}

function newcomer(tables: Tables, request: ReserveRequest, instead?: PendingRequest): Standing {
  if (request.grant.expiresAt <= request.now) return EXPIRED
  const refusal = whyNone(tables, request)
  // The use that is held may be its own, which it gives back by asking for something else.
  const isOwn = refusal === HELD_BY_HAND && instead !== undefined && isHeld(tables, instead)
  if (refusal !== undefined && !isOwn) return refusal
  return offerRefusal(request) ?? compact({ kind: 'unasked', instead })
}

function isHeld({ redemptions }: Tables, { redemptionId }: PendingRequest): boolean {
  return redemptions.standing(redemptionId) !== undefined
}

/** Says why no use could be given to anybody, if so. What is held by a yes may take days, unlike a session. */
function whyNone({ prospects }: Tables, { grant }: ReserveRequest): RefusedUse | undefined {
  const prospect = prospects.fresh(grant)
  if (prospect.kind !== 'refused') return undefined
  return prospect.code === 'in_progress' ? HELD_BY_HAND : prospect
}

/** As `reserve` would answer, for a peer that only looks: it may see the offer while it waits. */
export function prospectOf(tables: Tables, request: ProspectRequest): Prospect {
  const { grant } = request
  const isOwnByHand = tables.tokens.ownByHand(grant.tokenId)
  if (grant.byHand === true && isOwnByHand !== false) return prospectByHand(tables, request)
  if (isOwnByHand !== true) {
    const prospect = tables.prospects.of(request)
    const isAnswered = prospect.kind === 'own' && prospect.isAnswered
    return grant.byHand !== true || isAnswered ? prospect : NOT_BY_HAND
  }
  const prospect = prospectByHand(tables, request)
  return prospect.kind === 'refused' ? prospect : { ...prospect, byHand: true }
}

function prospectByHand(tables: Tables, request: ProspectRequest): Prospect {
  const { denials, prospects, requests } = tables
  const prospect = prospects.of(request)
  const { grant, peerId } = request
  if (prospect.kind === 'own' && prospect.isAnswered) return prospect
  const denial = denials.of(grant.tokenId, peerId)
  if (denial !== undefined) return deniedByHand(denial.reason)
  const found = requests.of(request)
  if (found === undefined) return prospect
  if (found.approvedAt !== undefined) return { kind: 'asked' }
  return prospect.kind === 'refused' ? prospect : { kind: 'asked' }
}

type WriteOf<Op extends InviterWrite['op']> = Extract<InviterWrite, { readonly op: Op }>

export function keepAsked(tables: Tables, { request }: WriteOf<'keepRequest'>): KeptRequest {
  // It was judged before, in the time that the checks took.
  const standing = standingOf(tables, request)
  if (standing.kind === 'refused') return standing
  if (standing.kind === 'approved') return UNDER_WAY
  if (isChanging(tables, request.grant)) return CHANGING
  const { instead } = standing
  if (instead === undefined && !hasRoom(tables, request)) return CROWDED
  const replaced = instead && dropRequest(tables, instead, 'replaced', request.now)
  mirrorToken(tables.tokens, request)
  const kept = toKeep(request)
  tables.requests.insert(kept)
  return compact({ kind: 'kept', request: kept, replaced })
}

/** True if the terms were changed after the token was checked: what waits on the former ones has been ended by then. */
function isChanging({ tokens }: Tables, { tokenId, revision }: Grant): boolean {
  // Of another's token the ledger has what its hook said last.
  if (tokens.ownByHand(tokenId) === undefined) return false
  return revision !== undefined && revision !== tokens.grantOf(tokenId)?.revision
}

function hasRoom({ requests }: Tables, { grant, peerId }: ReserveRequest): boolean {
  if (requests.countOfPeer(peerId) >= MAX_REQUESTS_PER_PEER) return false
  const here = requests.countOfToken(grant.tokenId)
  if (here < ROOM_OF_EACH_TOKEN) return true
  return here < MAX_REQUESTS_PER_TOKEN && requests.countWaiting() < MAX_REQUESTS
}

function toKeep(request: WriteOf<'keepRequest'>['request']): PendingRequest {
  const { sessionId: id, grant, peerId, bootstrapId, requestHash, another } = request
  const { redemptionId, identity, cadre, remoteAddress, now: since, until } = request
  const { tokenId } = grant
  const grantHash = grantDigest(grant)
  const asked = { id, tokenId, peerId, bootstrapId, requestHash, grantHash, another }
  return compact({ ...asked, redemptionId, identity, cadre, remoteAddress, since, until })
}

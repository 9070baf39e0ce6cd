import {
  type Decision,
  grantDigest,
  type NotDecided,
  type PendingRequest,
  type RequestEnd,
} from '../../session/ports/uses/pending-request.ts'
import type { AnswerTo, InviterWrite } from '../../session/ports/write.ts'
import { dropRequest } from './drop-request.ts'
import type { Tables } from './tables.ts'

// The inviter's word about a request, and what ends one without it.

type WriteOf<Op extends InviterWrite['op']> = Extract<InviterWrite, { readonly op: Op }>

const NOBODY: ReadonlySet<string> = new Set()

/** Takes a use for the request: the statement that does decides between two that are said yes to at once. */
export function sayYes(
  tables: Tables,
  { id, inviter, heldUntil, now }: WriteOf<'approveRequest'>,
): Decision {
  const { requests, reservations, tokens } = tables
  const request = requests.find(id)
  if (request === undefined) return none('gone')
  if (request.approvedAt !== undefined) return none('approved', request)
  if (request.until <= now) return none('lapsed', request)
  const { tokenId, peerId, bootstrapId, requestHash, another, redemptionId } = request
  const grant = tokens.grantOf(tokenId)
  if (grant === undefined) return none('gone')
  const reservedUntil = Math.max(heldUntil, request.until)
  const asked = { redemptionId, grant, peerId, bootstrapId, requestHash, another }
  // That session is over: whoever comes next goes on.
  const session = { sessionId: id, inviter, now, reservedUntil, running: NOBODY }
  const claim = reservations.reserveByHand({ ...asked, ...session })
  if (claim === undefined)
    return none(tables.tokens.isRevoked(tokenId) ? 'revoked' : 'no_use', request)
  requests.approve(id, now, reservedUntil)
  return { kind: 'approved', request: { ...request, approvedAt: now, until: reservedUntil }, claim }
}

export function sayNo(
  tables: Tables,
  { id, reason, now, running }: WriteOf<'denyRequest'>,
): Decision {
  const request = tables.requests.find(id)
  if (request === undefined) return none('gone')
  if (request.approvedAt !== undefined && isBegun(tables, request, running))
    return none('under_way', request)
  const { tokenId, peerId } = request
  tables.denials.insert(tokenId, peerId, reason, now)
  // It is about the peer: what else it has asked for there is denied too, but for what it has gone on with.
  const others = tables.requests
    .ofPeer(tokenId, peerId)
    .filter((each) => each.id !== id && !isBegun(tables, each, running))
    .map((each) => dropRequest(tables, each, 'denied', now))
  const ended = dropRequest(tables, request, 'denied', now)
  return others.length === 0 ? { kind: 'denied', ...ended } : { kind: 'denied', ...ended, others }
}

/** True if a session has gone on with the yes. */
function isBegun(
  { redemptions }: Tables,
  { redemptionId }: PendingRequest,
  running: ReadonlySet<string>,
): boolean {
  const standing = redemptions.standing(redemptionId)
  if (standing === undefined) return false
  return standing.state !== 'reserved' || running.has(standing.sessionId)
}

/** True if it waits, or no session has ever gone on with the yes: what has been begun stays on its terms. */
function isUntouched({ redemptions }: Tables, { id, redemptionId }: PendingRequest): boolean {
  const standing = redemptions.standing(redemptionId)
  return standing === undefined || (standing.state === 'reserved' && standing.sessionId === id)
}

function none(why: NotDecided, request?: PendingRequest): Decision {
  return request === undefined ? { kind: 'none', why } : { kind: 'none', why, request }
}

export function endRequest(
  tables: Tables,
  { id, now, ifOutdated }: WriteOf<'endRequest'>,
): AnswerTo['endRequest'] {
  const request = tables.requests.find(id)
  const isOld = request !== undefined && ifOutdated === true && isOutdated(tables, request)
  const end = isOld ? 'changed' : request && endOf(tables, request, now)
  if (request === undefined || end === undefined) return {}
  return { ended: { ...dropRequest(tables, request, end, now), end } }
}

/** True if its peer was shown other terms than the token has now, and nothing was begun on those. */
function isOutdated(tables: Tables, request: PendingRequest): boolean {
  const grant = tables.tokens.grantOf(request.tokenId)
  if (grant === undefined || grantDigest(grant) === request.grantHash) return false
  return isUntouched(tables, request)
}

function endOf(
  { redemptions, tokens }: Tables,
  request: PendingRequest,
  now: number,
): RequestEnd | undefined {
  const { tokenId, redemptionId, approvedAt, until } = request
  const isRevoked = tokens.isRevoked(tokenId)
  if (approvedAt !== undefined) {
    const standing = redemptions.standing(redemptionId)
    if (standing === undefined) return 'lapsed'
    return isRevoked && standing.state === 'reserved' ? 'revoked' : undefined
  }
  if (isRevoked) return 'revoked'
  const uses = tokens.grantOf(tokenId)?.usesAllowed
  if (typeof uses === 'number' && redemptions.committedUses(tokenId) >= uses) return 'used'
  return until <= now ? 'lapsed' : undefined
}

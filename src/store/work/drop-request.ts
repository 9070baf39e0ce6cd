import type { Claim } from '../../session/machine/listener-state.ts'
import type {
  EndedRequest,
  PendingRequest,
  ReleasedUse,
} from '../../session/ports/uses/pending-request.ts'
import type { Tables } from './tables.ts'

/** Gives a use back, and owes the removal of what was built for it; not if the claim is not the current one. Ends the request that it was held for. */
export function releaseClaim(
  { redemptions, removals, requests }: Tables,
  claim: Claim,
  reason: string,
  now: number,
): ReleasedUse {
  const builder = redemptions.builderOf(claim)
  if (!redemptions.release(claim, reason, now)) return { isReleased: false }
  // An earlier session that held the use may have left a database.
  const { redemptionId, fence, tallyId } = claim
  if (builder !== undefined) removals.owe({ ...builder, redemptionId, fence, tallyId, reason }, now)
  const request = requests.ofRedemption(redemptionId)
  if (request === undefined) return { isReleased: true }
  requests.remove(request.id)
  return { isReleased: true, request }
}

/** Ends a request, and gives back the use that is held for it. */
export function dropRequest(
  tables: Tables,
  request: PendingRequest,
  reason: string,
  now: number,
): EndedRequest {
  const claim = tables.redemptions.standing(request.redemptionId)?.claim
  const isReleased = claim !== undefined && releaseClaim(tables, claim, reason, now).isReleased
  tables.requests.remove(request.id)
  return isReleased ? { request, claim } : { request }
}

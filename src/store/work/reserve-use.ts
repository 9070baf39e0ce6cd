import type { ReserveOutcome, ReserveRequest } from '../../session/ports/uses/reservation.ts'
import type { Tables } from './tables.ts'

const UNKNOWN_TOKEN: ReserveOutcome = {
  kind: 'refused',
  code: 'internal',
  reason: 'the token is not in the ledger',
}

/** Reserves a use of a token that is not by hand, be it of this node or of a foreign token hook. */
export function reserveUse(
  { reservations, tokens }: Tables,
  request: ReserveRequest,
): ReserveOutcome {
  const outcome = reservations.reserve(request)
  if (outcome !== undefined && outcome.kind !== 'refused') return outcome
  // A foreign token hook vouches for this token: the statement that reserves needs a row with its limits.
  const again = mirrorToken(tokens, request) ? reservations.reserve(request) : outcome
  return again ?? UNKNOWN_TOKEN
}

/** Stores the token's limits. True if they are new. */
export function mirrorToken(
  tokens: Tables['tokens'],
  { grant, now }: Pick<ReserveRequest, 'grant' | 'now'>,
): boolean {
  const { tokenId: id, usesAllowed: uses, ...limits } = grant
  return tokens.mirror({ id, uses, issuedAt: now, ...limits })
}

import type { ReserveOutcome, ReserveRequest } from '../../session/ports/reservation.ts'
import type { Tables } from './tables.ts'

const UNKNOWN_TOKEN: ReserveOutcome = {
  kind: 'refused',
  code: 'internal',
  reason: 'the token is not in the ledger',
}

/** Reserves a use of a token, be it of this node or of a foreign token hook. */
export function reserveUse(
  { reservations, tokens }: Tables,
  request: ReserveRequest,
): ReserveOutcome {
  const outcome = reservations.reserve(request)
  if (outcome !== undefined && outcome.kind !== 'refused') return outcome
  // A foreign token hook vouches for this token: the statement that reserves needs a row with its limits.
  const again = mirror(tokens, request) ? reservations.reserve(request) : outcome
  return again ?? UNKNOWN_TOKEN
}

/** Stores the token's limits. True if they are new. */
function mirror(tokens: Tables['tokens'], { grant, now }: ReserveRequest): boolean {
  const { tokenId, role, expiresAt, required, optional, usesAllowed, terms } = grant
  const limits = { id: tokenId, role, uses: usesAllowed, issuedAt: now, expiresAt }
  return tokens.mirror({ ...limits, required, optional, terms })
}

import { compact } from '../../protocol/base/compact.ts'
import type { Lease } from '../../session/ports/attempt.ts'
import type { RemovalWrite } from '../../session/ports/write.ts'
import type { Appliers } from './appliers.ts'
import type { Tables } from './tables.ts'

export const REMOVAL_WRITES: Appliers<RemovalWrite> = {
  oweRemoval: ({ removals }, { order, now, dueAt }) =>
    compact({ claim: removals.owe(order, now, dueAt) }),
  withdrawRemoval: (tables, { tallyId, voidClaim }) => cancelRemoval(tables, tallyId, voidClaim),
}

/** Cancels a removal, unless it is claimed. @returns the claim that stands */
export function cancelRemoval(
  { removals }: Pick<Tables, 'removals'>,
  tallyId: string,
  voidClaim?: Lease,
): { readonly claim?: Lease } {
  const owed = removals.find(tallyId)
  if (owed === undefined) return {}
  if (isClaimedByOther(owed.claim, voidClaim)) return { claim: owed.claim }
  removals.settle(tallyId)
  return {}
}

export function isClaimedByOther(
  claim: Lease | undefined,
  voidClaim: Lease | undefined,
): claim is Lease {
  return claim !== undefined && claim.owner !== voidClaim?.owner
}

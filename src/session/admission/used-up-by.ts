import type { UsedUp } from '../ports/shared-limits.ts'
import { LOOK_COST } from './admission-limits.ts'
import type { Charge, RateLimitKeys } from './rate-limits.ts'

/** Returns what a session that is over has used up of the limits that nodes share. */
export function usedUpBy({ peerId, address }: RateLimitKeys, charge: Charge): readonly UsedUp[] {
  if (charge === 'nothing') return []
  const amount = charge === 'look' ? LOOK_COST : 1
  const attempts: UsedUp = { of: 'attempts', key: peerId, amount }
  if (charge !== 'bad_secret') return [attempts]
  const at: readonly UsedUp[] =
    address === undefined ? [] : [{ of: 'bad_secrets_at', key: address, amount: 1 }]
  return [attempts, { of: 'bad_secrets', key: peerId, amount: 1 }, ...at]
}

import type { EndOfRun } from '../run/runner-init.ts'
import type { Charge } from './rate-limits.ts'

/** Refusals that tell the peer to come again: they must not count as an attempt. */
const COME_AGAIN: ReadonlySet<string | undefined> = new Set(['busy', 'in_progress'])

/** Returns what a peer's session counts as, once it is over. */
export function chargeFor(end: EndOfRun): Charge {
  if (!('summary' in end)) return 'nothing'
  const { state, reason, redemptionId } = end.summary
  if (state === 'COMPLETED') return redemptionId === undefined ? 'look' : 'attempt'
  if (reason === 'invalid_token') return 'bad_secret'
  return COME_AGAIN.has(reason) ? 'look' : 'attempt'
}

import type { SessionEnd } from '../run/ports-of-one.ts'
import type { Charge } from './rate-limits.ts'

/** Refusals that tell the peer to come again: that must not be held against it. */
const COME_AGAIN: ReadonlySet<string | undefined> = new Set(['busy', 'in_progress'])

/** What a session of a peer's counts as, once it is over. */
export function chargeFor(end: SessionEnd): Charge {
  if ('error' in end) return 'nothing'
  const { state, reason, redemptionId } = end.summary
  if (state === 'COMPLETED') return redemptionId === undefined ? 'look' : 'attempt'
  if (reason === 'invalid_token') return 'bad_secret'
  return COME_AGAIN.has(reason) ? 'look' : 'attempt'
}

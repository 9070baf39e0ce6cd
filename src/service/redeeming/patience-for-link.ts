import type { LinkContent } from '../../protocol/link/link.ts'
import type { Clock } from '../../session/ports/clock.ts'
import { Patience, type PatienceOptions } from '../waiting/patience.ts'

/**
 * Makes the patience for all that is asked about one link: it ends with the link. By a clock that may be wrong nothing is
 * over: a time as without waiting there is always.
 */
export function patienceFor(clock: Clock, link: LinkContent, options: PatienceOptions): Patience {
  const patience = new Patience(clock, options)
  patience.endBy(Math.max(link.expiresAt * 1_000, clock.now() + options.timeoutMs))
  return patience
}

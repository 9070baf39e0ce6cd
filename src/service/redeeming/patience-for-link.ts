import type { LinkContent } from '../../protocol/link/link.ts'
import type { Clock } from '../../session/ports/clock.ts'
import { Patience, type PatienceOptions } from '../waiting/patience.ts'

/**
 * Makes the patience for all that is asked about one link: it ends with the link, or later where the inviter keeps a place
 * for longer. By a clock that may be wrong nothing is over: a time as without waiting there is always.
 * @param keptUntil ms since the epoch, as an earlier session was told
 */
export function patienceFor(
  clock: Clock,
  link: LinkContent,
  options: PatienceOptions,
  keptUntil = 0,
): Patience {
  const patience = new Patience(clock, options)
  const end = Math.max(link.expiresAt * 1_000, keptUntil)
  patience.endBy(Math.max(end, clock.now() + options.timeoutMs))
  return patience
}

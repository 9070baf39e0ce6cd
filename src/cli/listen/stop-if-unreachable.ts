import type { OwnAddressesUnreachableError } from '../../service/errors.ts'
import { isReached, unreachableBy } from '../../service/reach/reach-report.ts'
import type { ReachWatch } from '../../service/reach/reach-watch.ts'

/** How often it is looked, ms. */
const LOOK_MS = 1_000

/**
 * Looks after whether a listener is met at any of its addresses.
 * @param forMs tells when it was not for so long; undefined or 0: never
 * @returns stops looking
 */
export function stopIfUnreachable(
  reach: Pick<ReachWatch, 'prove' | 'report'>,
  forMs: number | undefined,
  tell: (error: OwnAddressesUnreachableError) => void,
): () => void {
  if (forMs === undefined || forMs === 0) return () => undefined
  let lostAt = performance.now()
  void reach.prove()
  const look = (): void => {
    const now = performance.now()
    if (isReached(reach.report)) lostAt = now
    if (now - lostAt < forMs) return
    clearInterval(timer)
    tell(unreachableBy(reach.report))
  }
  const timer = setInterval(look, Math.min(LOOK_MS, forMs))
  return () => clearInterval(timer)
}

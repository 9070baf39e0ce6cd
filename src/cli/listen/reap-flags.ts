import type { ListenerInit } from '../../service/listener/listener-init.ts'
import { DEFAULT_REAP_EVERY_MS, LISTENER_REAPS } from '../../service/reaping/reap-schedule.ts'
import { UsageError } from '../errors/errors.ts'
import { parseDuration } from '../text/duration.ts'

/** Looking through the whole store more often than that helps nobody, ms. */
const MIN_EVERY_MS = 1_000
/** No timer is longer, ms: some 24 days. */
export const MAX_TIMER_MS = 2 ** 31 - 1

/**
 * Reads what a listener shall reap by itself: nothing, unless told.
 * @throws UsageError
 */
export function reapOf(flags: {
  readonly reap?: readonly string[] | undefined
  readonly 'reap-every'?: string | undefined
}): Pick<ListenerInit, 'reap'> {
  const { reap = [], 'reap-every': every } = flags
  if (reap.length === 0) return {}
  const bounds = { of: '--reap-every', min: MIN_EVERY_MS, max: MAX_TIMER_MS }
  const everyMs = every === undefined ? DEFAULT_REAP_EVERY_MS : parseDuration(every, bounds)
  return { reap: { policies: reap.map(policyOf), everyMs } }
}

function policyOf(text: string): (typeof LISTENER_REAPS)[number] {
  const name = text.trim().toLowerCase()
  const policy = LISTENER_REAPS.find((each) => each === name)
  if (policy !== undefined) return policy
  throw new UsageError(
    name === 'offered'
      ? '--reap offered: to withdraw an offer is a person’s decision: `taleus reap --policy offered`'
      : `--reap: one of ${LISTENER_REAPS.join(', ')}`,
  )
}

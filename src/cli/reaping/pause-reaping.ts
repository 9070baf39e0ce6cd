import { runningStatus } from '../../service/control/control-client.ts'
import {
  DEFAULT_REAP_PAUSE_MS,
  MAX_REAP_PAUSE_MS,
  pauseReaping,
  resumeReaping,
} from '../../service/reaping/reap-pause.ts'
import { currentOperator } from '../../service/record/operator.ts'
import { withContext } from '../context.ts'
import type { Locations } from '../locations.ts'
import { parseDuration } from '../text/duration.ts'
import { line, type ScreenText } from '../text/screen-text.ts'
import { isoTimeOrNull, localTime } from '../text/time-text.ts'

/** Whether the listener may reap by itself. */
export interface ReapPauseDocument {
  /** ISO 8601; `null`: it may. */
  readonly pausedUntil: string | null
  readonly changed: boolean
  /** A listener runs that reaps by itself. */
  readonly isReaping: boolean
}

/** A second: no shorter pause holds anything back. */
const MIN_REAP_PAUSE_MS = 1_000

/** Has the listener reap nothing by itself for a while. @throws UsageError, StoreError */
export async function pauseReaper(
  locations: Locations,
  {
    for: text,
    reason,
  }: { readonly for?: string | undefined; readonly reason?: string | undefined },
): Promise<ReapPauseDocument> {
  const bounds = { of: '--for', min: MIN_REAP_PAUSE_MS, max: MAX_REAP_PAUSE_MS }
  const ms = text === undefined ? DEFAULT_REAP_PAUSE_MS : parseDuration(text, bounds)
  return await withContext(locations, async (context) => {
    const until = (await context.clock()).now() + ms
    await pauseReaping(await context.store(), until, currentOperator(reason))
    const isReaping = (await runningStatus(context.directory))?.reaping !== undefined
    return { pausedUntil: isoTimeOrNull(until), changed: true, isReaping }
  })
}

/** Has it go on. @throws StoreError */
export async function resumeReaper(
  locations: Locations,
  reason?: string,
): Promise<ReapPauseDocument> {
  return await withContext(locations, async (context) => {
    const now = (await context.clock()).now()
    const changed = await resumeReaping(await context.store(), now, currentOperator(reason))
    const isReaping = (await runningStatus(context.directory))?.reaping !== undefined
    return { pausedUntil: null, changed, isReaping }
  })
}

export function reapPauseText({ pausedUntil, changed, isReaping }: ReapPauseDocument): ScreenText {
  const who = isReaping ? 'The listener' : 'A listener (none reaps just now)'
  if (pausedUntil === null) {
    return line(changed ? `${who} may reap by itself again.` : 'Reaping was not paused.')
  }
  const until = localTime(Date.parse(pausedUntil))
  return line(`${who} reaps nothing by itself until ${until}. Go on: taleus reap resume`)
}

import { withContext } from '../context.ts'
import { followLines, type LineOptions } from '../dashboard/follow-lines.ts'
import { followRunning } from '../dashboard/watch-listener.ts'
import type { Locations } from '../locations.ts'
import { type FilterFlags, parseFilter } from './session-filter.ts'
import { isWantedEvent } from './wanted-event.ts'

export type WatchFlags = Omit<FilterFlags, 'limit' | 'since'>

/**
 * Writes a line for each move of each session, until the listener stops.
 * @throws UsageError; CommandFailure `no_listener`, `ambiguous_id`; ControlError, StoreError
 */
export async function watchSessions(
  locations: Locations,
  flags: WatchFlags,
  format: LineOptions['format'],
): Promise<void> {
  return await withContext(locations, async (context) => {
    const filter = await parseFilter({ ...flags, limit: 1 }, Date.now(), await context.store())
    const following = await followRunning(context)
    await followLines(following, { format, wants: (event) => isWantedEvent(event, filter) })
  })
}

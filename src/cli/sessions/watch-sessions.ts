import type { FeedEvent } from '../../service/feed/event-feed-event.ts'
import type { SessionFilter } from '../../service/sessions/session-history.ts'
import { withContext } from '../context.ts'
import { followLines, type LineOptions } from '../dashboard/follow-lines.ts'
import { followRunning } from '../dashboard/watch-listener.ts'
import type { Locations } from '../locations.ts'
import { type FilterFlags, parseFilter } from './session-filter.ts'

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
    await followLines(following, { format, wants: (event) => isWanted(event, filter) })
  })
}

/** Whether an event is wanted. Missed events, and the listener's end, concern every watcher. */
function isWanted(event: FeedEvent, filter: SessionFilter): boolean {
  if (event.type === 'missed' || event.type === 'stopped') return true
  if (event.type !== 'session') return false
  const { state, side, peerId, tokenId } = filter
  if (state !== undefined && event.state !== state) return false
  if (side !== undefined && event.side !== side) return false
  if (tokenId !== undefined && event.tokenId?.startsWith(tokenId) !== true) return false
  return peerId === undefined || event.peerId.startsWith(peerId) || event.peerId.endsWith(peerId)
}

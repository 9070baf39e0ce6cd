import type { FeedEvent } from '../../service/feed/event-feed-event.ts'
import { hasAsked } from '../../service/feed/session-ends.ts'
import { ASKED_STATE, type SessionFilter } from '../../service/sessions/session-history.ts'

/** Whether a watcher wants an event, as a list with that filter has the session. Missed events, and the listener's end, concern every watcher. */
export function isWantedEvent(event: FeedEvent, filter: SessionFilter): boolean {
  if (event.type === 'missed' || event.type === 'stopped') return true
  if (event.type !== 'session') return false
  const { state, side, peerId, tokenId } = filter
  if (state !== undefined && state !== (hasAsked(event) ? ASKED_STATE : event.state)) return false
  if (side !== undefined && event.side !== side) return false
  if (tokenId !== undefined && event.tokenId?.startsWith(tokenId) !== true) return false
  return peerId === undefined || event.peerId.startsWith(peerId) || event.peerId.endsWith(peerId)
}

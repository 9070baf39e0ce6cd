import { compact } from '../../protocol/base/compact.ts'
import { ownMember } from '../../protocol/base/own-member.ts'
import type { RequestNews } from '../../session/ports/uses/pending-request.ts'
import type { FeedRequest } from './event-feed-event.ts'

/** The news of a request, as the feed tells them. */
export function feedRequest({ state, request, ...more }: RequestNews): FeedRequest {
  const { id, peerId, tokenId, identity, until } = request
  const cause = 'cause' in more ? more.cause : undefined
  const stands = state === 'waiting' || state === 'approved' ? until : undefined
  const about = { id, peerId, tokenId, peerName: ownMember(identity, 'name') }
  return compact({ type: 'request', state, ...about, until: stands, cause })
}

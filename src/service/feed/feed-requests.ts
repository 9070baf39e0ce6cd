import { compact } from '../../protocol/base/compact.ts'
import { ownMember } from '../../protocol/base/own-member.ts'
import type { RequestNews } from '../../session/ports/uses/pending-request.ts'
import type { Store } from '../../store/transaction/store.ts'
import type { FeedRequest, FeedWaiting } from './event-feed-event.ts'

/** How many of those that wait are named in a tick. */
const NAMED_WAITING = 5

/** A store that fails is told of by those who need it; a reader only sees nobody wait. */
export function waitingIn(store: Store): FeedWaiting | undefined {
  try {
    return store.read(({ requests }) => {
      const count = requests.countWaiting()
      if (count === 0) return undefined
      const oldest = requests.oldestWaiting(NAMED_WAITING).map(({ id, peerId, identity }) => {
        return compact({ id, peerId, peerName: ownMember(identity, 'name') })
      })
      return { count, oldest }
    })
  } catch {
    return undefined
  }
}

/** The news of a request, as the feed tells them. */
export function feedRequest({ state, request, ...more }: RequestNews): FeedRequest {
  const { id, peerId, tokenId, identity, until } = request
  const cause = 'cause' in more ? more.cause : undefined
  const stands = state === 'waiting' || state === 'approved' ? until : undefined
  const about = { id, peerId, tokenId, peerName: ownMember(identity, 'name') }
  return compact({ type: 'request', state, ...about, until: stands, cause })
}

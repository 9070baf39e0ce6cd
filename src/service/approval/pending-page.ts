import { compact } from '../../protocol/base/compact.ts'
import type { PendingRequest } from '../../session/ports/uses/pending-request.ts'
import type { Store } from '../../store/transaction/store.ts'

/** A request, and the inviter's note to itself at its invitation. */
export interface ListedRequest extends PendingRequest {
  readonly label?: string
}

/** A page of the requests that wait, the oldest first. */
export interface PendingPage {
  readonly requests: readonly ListedRequest[]
  /** On all pages. */
  readonly total: number
}

/** Lists requests whose time is not over, and those whose peer has yet to come for its yes. @throws StoreError */
export function pendingPage(
  store: Store,
  now: number,
  limit: number,
  after?: PendingRequest,
): PendingPage {
  return store.read(({ requests, tokens }) => {
    const labels = new Map<string, string | undefined>()
    const labelOf = (tokenId: string): string | undefined => {
      if (!labels.has(tokenId)) labels.set(tokenId, tokens.labelOf(tokenId))
      return labels.get(tokenId)
    }
    const found = requests.list(now, limit, after)
    return {
      requests: found.map((each) => compact({ ...each, label: labelOf(each.tokenId) })),
      total: requests.countCurrent(now),
    }
  })
}

/** Finds requests whose id starts so, at most ten. @throws StoreError */
export function requestsStartingWith(store: Store, prefix: string): readonly PendingRequest[] {
  return store.read(({ requests }) => requests.startingWith(prefix))
}

import type { PendingRequest } from '../../session/ports/uses/pending-request.ts'
import type { RecordStore } from '../../store/query/record-store.ts'
import {
  type ListedRequest,
  pendingRequestRecords,
} from '../../store/records/pending-request-records.ts'

export type { ListedRequest }

/** A page of the requests that wait, the oldest first. */
export interface PendingPage {
  readonly requests: readonly ListedRequest[]
  /** On all pages. */
  readonly total: number
}

/** Lists requests whose time is not over, and those whose peer has yet to come for its yes. @throws StoreError */
export function pendingPage(
  store: Pick<RecordStore, 'query'>,
  now: number,
  limit: number,
  after?: PendingRequest,
): Promise<PendingPage> {
  return store.query(function* () {
    return {
      requests: yield* pendingRequestRecords.list(now, limit, after),
      total: yield* pendingRequestRecords.countCurrent(now),
    }
  })
}

/** Finds requests whose id starts so, at most ten. @throws StoreError */
export function requestsStartingWith(
  store: Pick<RecordStore, 'query'>,
  prefix: string,
): Promise<readonly PendingRequest[]> {
  return store.query(() => pendingRequestRecords.startingWith(prefix))
}

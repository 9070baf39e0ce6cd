import { outdateRequests } from '../../session/upkeep/end-requests.ts'
import type { RecordStore } from '../../store/query/record-store.ts'
import { pendingRequestRecords } from '../../store/records/pending-request-records.ts'
import type { CommandPlace } from '../control/command-place.ts'
import { askListener } from '../control/control-client.ts'
import { MAX_OUTDATED } from '../control/control-protocol.ts'
import { ControlError } from '../errors.ts'

type OutdatePlace = CommandPlace & { readonly store: Pick<RecordStore, 'query'> }

/**
 * Ends what waits at an invitation whose terms were changed: by the running listener, which tells those who follow it, or in the
 * store if none runs. Without it each would end when its peer comes next; so a listener that does not answer is no failure.
 * @throws StoreError
 */
export async function outdateByOperator(place: OutdatePlace, tokenId: string): Promise<void> {
  const { directory, ...ports } = place
  for await (const ids of requestsAt(place.store, tokenId)) {
    try {
      const answer = await askListener(directory, 'outdate', { ids })
      if (answer === undefined) await outdateRequests(ports, ids)
    } catch (error) {
      if (error instanceof ControlError) return
      throw error
    }
  }
}

/** Pages of the ids of all requests at an invitation, those with a yes among them. @throws StoreError */
export async function* requestsAt(
  store: Pick<RecordStore, 'query'>,
  tokenId: string,
): AsyncGenerator<string[]> {
  for (let after = ''; ; ) {
    const from = after
    const ids = await store.query(() => pendingRequestRecords.idsAt(tokenId, from, MAX_OUTDATED))
    if (ids.length > 0) yield [...ids]
    if (ids.length < MAX_OUTDATED) return
    after = ids.at(-1) ?? ''
  }
}

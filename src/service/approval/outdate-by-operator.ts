import { outdateRequests } from '../../session/upkeep/end-requests.ts'
import { NodeSupersededError, StoreError, StoreStalledError } from '../../store/errors.ts'
import type { RecordStore } from '../../store/query/record-store.ts'
import { pendingRequestRecords } from '../../store/records/pending-request-records.ts'
import type { CommandPlace } from '../control/command-place.ts'
import { askListener } from '../control/control-client.ts'
import { MAX_OUTDATED } from '../control/control-protocol.ts'
import { ControlError } from '../errors.ts'

type Requests = Pick<RecordStore, 'query'>

/** Ends those of these requests that are under other terms than their invitations have now. @returns how many */
export type Outdate = (ids: readonly string[]) => Promise<unknown>

/**
 * Ends what waits at an invitation whose terms were changed: by the running listener, which tells those who follow it, or in the
 * store if none runs.
 */
export async function outdateByOperator(
  { directory, ...ports }: CommandPlace & { readonly store: Requests },
  tokenId: string,
): Promise<void> {
  await outdateAt(ports.store, tokenId, async (ids) => {
    const answer = await askListener(directory, 'outdate', { ids: [...ids] })
    if (answer === undefined) await outdateRequests(ports, ids)
  })
}

/** Failures of a listener or a store, whatever became of what was asked. */
const HARMLESS = [ControlError, StoreError, StoreStalledError, NodeSupersededError] as const

/**
 * Ends what waits at an invitation whose terms were changed. Each would end, too, when its peer comes next: so a store or a
 * listener that fails at it is no failure of the change, which stands.
 */
export async function outdateAt(store: Requests, tokenId: string, outdate: Outdate): Promise<void> {
  try {
    for await (const ids of requestsAt(store, tokenId)) await outdate(ids)
  } catch (error) {
    if (!HARMLESS.some((each) => error instanceof each)) throw error
  }
}

/** Pages of the ids of all requests at an invitation, those with a yes among them. @throws StoreError */
async function* requestsAt(store: Requests, tokenId: string): AsyncGenerator<readonly string[]> {
  for (let after = ''; ; ) {
    const from = after
    const ids = await store.query(() => pendingRequestRecords.idsAt(tokenId, from, MAX_OUTDATED))
    if (ids.length > 0) yield ids
    if (ids.length < MAX_OUTDATED) return
    after = ids.at(-1) ?? ''
  }
}

import type { RecordStore } from '../../store/query/record-store.ts'
import { knownIdRecords } from '../../store/records/known-id-records.ts'

/** Ids of invitations, ours and others', that begin so; at most ten. @throws StoreError */
export function knownTokens(
  store: Pick<RecordStore, 'query'>,
  prefix: string,
): Promise<readonly string[]> {
  return store.query(() => knownIdRecords.tokensStartingWith(prefix))
}

/** Ids of peers that begin or end so; at most ten. @throws StoreError */
export function knownPeers(
  store: Pick<RecordStore, 'query'>,
  part: string,
): Promise<readonly string[]> {
  return store.query(() => knownIdRecords.peersLike(part))
}

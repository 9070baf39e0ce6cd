import type { RecordStore } from '../../store/query/record-store.ts'
import { tallySyncRecords } from '../../store/sync/tally-sync-records.ts'
import { isOurs } from '../../tally/automerge-database.ts'
import type { TallyRecord } from '../tallies/read-tally.ts'
import { syncStateOf, type TallySyncState } from './sync-state.ts'

/** How a tally's document stands to the partner's. Times are ms since the epoch. */
export interface TallySyncStatus {
  readonly state: TallySyncState
  /** Changes here that the partner has not, as far as it was told. */
  readonly ahead: number
  /** Of those that the partner has and this side has not, at least so many. */
  readonly behind: number
  readonly partnerSeenAt: number | undefined
  /** When the partner was sought in vain, if that was later. */
  readonly missedAt: number | undefined
  /** Why it is not synced any further. */
  readonly stop: string | undefined
}

/** Tells it from what is stored; undefined for a database that is not ours to sync. @throws StoreError */
export async function syncStatusOf(
  store: Pick<RecordStore, 'query'>,
  { tallyId, built }: TallyRecord,
): Promise<TallySyncStatus | undefined> {
  if (!isOurs(built.database, tallyId)) return undefined
  const row = await store.query(() => tallySyncRecords.find(tallyId))
  const { ahead, behind, partnerSeenAt, missedAt, stop } = row
  return { state: syncStateOf(row), ahead, behind, partnerSeenAt, missedAt, stop }
}

import type { RecordStore } from '../../store/query/record-store.ts'
import { lostUseRecords } from '../../store/records/lost-use-records.ts'
import { tallyRecords } from '../../store/records/tally-records.ts'
import type { TallyRecord } from './read-tally.ts'

/** Returns the tally with that id, if this side has it. @throws StoreError */
export function storedTally(
  store: Pick<RecordStore, 'query'>,
  tallyId: string,
): Promise<TallyRecord | undefined> {
  return store.query(() => tallyRecords.find(tallyId))
}

/** Finds tallies whose id starts so, at most ten. @throws StoreError */
export function talliesStartingWith(
  store: Pick<RecordStore, 'query'>,
  prefix: string,
): Promise<readonly TallyRecord[]> {
  return store.query(() => tallyRecords.startingWith(prefix))
}

/**
 * Lists tallies, newest first, and counts all there are.
 * @param before only those that come after this one: the next page
 * @throws StoreError
 */
export function tallyPage(
  store: Pick<RecordStore, 'query'>,
  limit: number,
  before?: string,
): Promise<{ readonly found: readonly TallyRecord[]; readonly total: number }> {
  return store.query(function* () {
    const found = yield* tallyRecords.list(limit, before)
    return { found, total: yield* tallyRecords.count() }
  })
}

/** Returns when the inviter last said that it does not know a tally, ms since the epoch. @throws StoreError */
export function tallyDeniedAt(
  store: Pick<RecordStore, 'query'>,
  tallyId: string,
): Promise<number | undefined> {
  return store.query(() => lostUseRecords.deniedAt(tallyId))
}

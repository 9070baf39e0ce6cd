import type { RecordStore } from '../../store/query/record-store.ts'
import { tallyChunkRecords } from '../../store/records/tally-chunk-records.ts'
import { isOurs } from '../../tally/automerge-database.ts'
import type { TallyParties } from '../../tally/change-author.ts'
import {
  type ConcurrentValue,
  documentConflicts,
  type KeyConflict,
} from '../../tally/document-conflicts.ts'
import { openReplica } from '../../tally/replica-parts.ts'
import { replicaOf, type TallyRecord } from './read-tally.ts'
import { partiesOfTally } from './tally-history.ts'

/** A value that stands for a key beside others. */
export interface StandingValue extends ConcurrentValue {
  /** The peer id of who set it. */
  readonly party: string | undefined
}

/** A place for which both parties have set a value without knowing of the other's; until one of them sets the key again. */
export interface TallyConflict extends Omit<KeyConflict, 'values'> {
  /** In an order that is the same on both sides; the last is the one that the document shows. */
  readonly values: readonly StandingValue[]
}

/**
 * Lists the places of a tally for which several values stand.
 * @throws TallyDocumentDamagedError, DraftMalformedError, StoreError
 */
export async function tallyConflicts(
  store: Pick<RecordStore, 'query'>,
  tally: TallyRecord,
): Promise<readonly TallyConflict[]> {
  const { tallyId, built } = tally
  if (!isOurs(built.database, tallyId)) return []
  const chunks = await store.query(() => tallyChunkRecords.all(tallyId))
  // As long as it is one part nobody has changed it.
  if (chunks.length < 2) return []
  const parties = partiesOfTally(tally)
  return withParties(documentConflicts([openReplica(chunks, replicaOf(tally))], parties), parties)
}

/** Names the parties that have set the values. */
export function withParties(
  conflicts: readonly KeyConflict[],
  parties: TallyParties,
): readonly TallyConflict[] {
  return conflicts.map(({ values, ...place }) => ({
    ...place,
    values: values.map((each) => ({ ...each, party: each.author && parties[each.author] })),
  }))
}

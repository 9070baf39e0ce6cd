import type { Query } from '../../store/query/query.ts'
import type { RecordStore } from '../../store/query/record-store.ts'
import { tallyChunkRecords } from '../../store/records/tally-chunk-records.ts'
import { tallyEvidenceRecords } from '../../store/records/tally-evidence-records.ts'
import { isOurs } from '../../tally/automerge-database.ts'
import { documentFault } from '../../tally/check-document.ts'
import { faultsOfChanges } from './change-faults.ts'
import type { TallyRecord } from './read-tally.ts'
import { faultsInside, type TallyFault } from './tally-fault.ts'

export type { TallyFault }

/** A tally and what in it does not fit; nothing if all that is at hand does. */
export interface CheckedTally {
  readonly tally: TallyRecord
  readonly faults: readonly TallyFault[]
}

/**
 * Checks tallies that are about to be shown: each by itself, by what other rows say of its status, and by the document.
 * @param localPeer this side's party id
 * @throws StoreError
 */
export function checkedTallies(
  store: Pick<RecordStore, 'query'>,
  tallies: readonly TallyRecord[],
  localPeer: string,
): Promise<readonly CheckedTally[]> {
  const ids = tallies.map(({ tallyId }) => tallyId)
  return store.query(function* () {
    const misstated = yield* tallyEvidenceRecords.misstated(ids)
    const checked: CheckedTally[] = []
    for (const tally of tallies) {
      checked.push({ tally, faults: yield* faultsOf(tally, { localPeer, misstated }) })
    }
    return checked
  })
}

/** As `checkedTallies`, one tally with the signatures under the changes of its document. @throws StoreError */
export function thoroughlyChecked(
  store: Pick<RecordStore, 'query'>,
  tally: TallyRecord,
  localPeer: string,
): Promise<CheckedTally> {
  return store.query(function* () {
    const misstated = yield* tallyEvidenceRecords.misstated([tally.tallyId])
    const inside = yield* faultsOf(tally, { localPeer, misstated })
    return { tally, faults: [...inside, ...(yield* faultsOfChanges(tally))] }
  })
}

/** Facts about a tally beside its own row. */
export interface TallyWitness {
  /** This side's party id. */
  readonly localPeer: string
  /** Tallies whose status is another one. */
  readonly misstated: ReadonlySet<string>
}

/** Everything that does not fit in one tally. */
export function* faultsOf(
  tally: TallyRecord,
  { localPeer, misstated }: TallyWitness,
): Query<readonly TallyFault[]> {
  return [
    ...faultsInside(tally, localPeer),
    ...(misstated.has(tally.tallyId) ? ['status' as const] : []),
    ...(yield* faultsOfDocument(tally)),
  ]
}

function* faultsOfDocument({ tallyId, built }: TallyRecord): Query<readonly TallyFault[]> {
  // Another engine's document is not here.
  if (!isOurs(built.database, tallyId)) return []
  const fault = documentFault(yield* tallyChunkRecords.all(tallyId), tallyId, built.draft.text)
  if (fault === undefined) return []
  return [fault === 'unreadable' ? 'document_unreadable' : 'document']
}

import type { Tallies } from '../../store/ledger/tallies.ts'
import type { Store } from '../../store/transaction/store.ts'
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
  store: Pick<Store, 'read'>,
  tallies: readonly TallyRecord[],
  localPeer: string,
): readonly CheckedTally[] {
  const ids = tallies.map(({ tallyId }) => tallyId)
  return store.read((repositories) => {
    const misstated = repositories.tallyEvidence.misstated(ids)
    return tallies.map((tally) => ({
      tally,
      faults: faultsOf(repositories.tallies, tally, { localPeer, misstated }),
    }))
  })
}

/** As `checkedTallies`, one tally with the signatures under the changes of its document. @throws StoreError */
export function thoroughlyChecked(
  store: Pick<Store, 'read'>,
  tally: TallyRecord,
  localPeer: string,
): CheckedTally {
  const [checked = { tally, faults: [] }] = checkedTallies(store, [tally], localPeer)
  const ofChanges = store.read((repositories) => faultsOfChanges(repositories, tally))
  return { tally, faults: [...checked.faults, ...ofChanges] }
}

/** Facts about a tally beside its own row. */
export interface TallyWitness {
  /** This side's party id. */
  readonly localPeer: string
  /** Tallies whose status is another one. */
  readonly misstated: ReadonlySet<string>
}

/** Everything that does not fit in one tally. To be called while the store is read. */
export function faultsOf(
  tallies: Tallies,
  tally: TallyRecord,
  { localPeer, misstated }: TallyWitness,
): readonly TallyFault[] {
  return [
    ...faultsInside(tally, localPeer),
    ...(misstated.has(tally.tallyId) ? ['status' as const] : []),
    ...faultsOfDocument(tallies, tally),
  ]
}

function faultsOfDocument(
  tallies: Tallies,
  { tallyId, built }: TallyRecord,
): readonly TallyFault[] {
  // Another engine's document is not here.
  if (!isOurs(built.database, tallyId)) return []
  const fault = documentFault(tallies.chunks(tallyId), tallyId, built.draft.text)
  if (fault === undefined) return []
  return [fault === 'unreadable' ? 'document_unreadable' : 'document']
}

import type { Query } from '../../store/query/query.ts'
import { tallyEvidenceRecords } from '../../store/records/tally-evidence-records.ts'
import { tallyRecords } from '../../store/records/tally-records.ts'
import type { AuditedDrafts } from './audited-drafts.ts'
import { faultsOfChanges } from './change-faults.ts'
import { faultsOf } from './checked-tallies.ts'
import type { TallyFault } from './tally-fault.ts'

/** Tallies read at a time: a draft has up to 32 KiB, so this holds some 3 MiB. */
const PAGE = 100

/** Broken tallies that are named: who has more of them has another problem than which they are. */
const MAX_NAMED_TALLIES = 100

/** One tally that does not fit together. */
export interface BrokenTally {
  readonly tallyId: string
  readonly faults: readonly TallyFault[]
}

/** Whether the stored tallies fit together, and with the audit. */
export interface TalliesVerdict {
  readonly checked: number
  /** How many do not fit together, or are missing. */
  readonly broken: number
  /** The first of them. */
  readonly first: readonly BrokenTally[]
}

/**
 * Checks every tally, a page at a time.
 * @param drafts has seen the whole audit
 */
export function* verifyTallies(localPeer: string, drafts: AuditedDrafts): Query<TalliesVerdict> {
  const misstated = yield* tallyEvidenceRecords.allMisstated()
  const missing = [...(yield* tallyEvidenceRecords.absent(MAX_NAMED_TALLIES))]
  const first: BrokenTally[] = missing.map((tallyId) => ({ tallyId, faults: ['missing'] }))
  let [checked, broken, last] = [0, missing.length, '']
  for (;;) {
    const page = yield* tallyRecords.after(last, PAGE)
    for (const tally of page) {
      const { tallyId } = tally
      const inside = yield* faultsOf(tally, { localPeer, misstated })
      const faults = [...inside, ...(yield* faultsOfChanges(tally)), ...drafts.faults(tallyId)]
      checked += 1
      if (faults.length === 0) continue
      broken += 1
      if (first.length < MAX_NAMED_TALLIES) first.push({ tallyId, faults })
    }
    const end = page.at(-1)
    if (end === undefined) return { checked, broken, first }
    last = end.tallyId
  }
}

import { EMPTY_CHAIN } from '../../audit/record/chain.ts'
import type { Store } from '../../store/transaction/store.ts'
import { AuditedDrafts } from '../tallies/audited-drafts.ts'
import { type TalliesVerdict, verifyTallies } from '../tallies/verify-tallies.ts'
import { type TrailVerdict, verifyTrail } from './verify-trail.ts'

/** Whether the trail fits together, and the tallies with it. */
export interface WholeVerdict extends TrailVerdict {
  readonly tallies: TalliesVerdict
}

/** The verdict of no trail at all, as of one without a record. */
export const NO_TRAIL: WholeVerdict = {
  ok: true,
  records: 0,
  head: { seq: EMPTY_CHAIN.seq, hash: Buffer.from(EMPTY_CHAIN.hash).toString('hex') },
  provenUpTo: null,
  signedUpTo: null,
  removedUpTo: 0,
  tallies: { checked: 0, broken: 0, first: [] },
}

/**
 * Walks every record and every tally, on one snapshot. `ok` is about both.
 * @throws as `verifyTrail`; RowInvalidError for a tally that taleus never wrote
 */
export function verifyAll(
  store: Pick<Store, 'read'>,
  peerId: string,
  notes: readonly string[] = [],
): WholeVerdict {
  return store.read((repositories) =>
    repositories.auditWalk.snapshot(() => {
      const drafts = new AuditedDrafts(repositories)
      const trail = verifyTrail(store, peerId, notes, (text) => drafts.see(text))
      const tallies = verifyTallies(repositories, peerId, drafts)
      return { ...trail, ok: trail.ok && tallies.broken === 0, tallies }
    }),
  )
}

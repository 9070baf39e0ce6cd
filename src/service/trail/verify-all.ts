import { EMPTY_CHAIN } from '../../audit/record/chain.ts'
import type { AuditStore } from '../../store/query/record-store.ts'
import { AuditedDrafts } from '../tallies/audited-drafts.ts'
import { type TalliesVerdict, verifyTallies } from '../tallies/verify-tallies.ts'
import { type TrailVerdict, trailProof, walkTrail, withIndices } from './verify-trail.ts'

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

/** Checkpoints that were kept elsewhere, and the key that signs the trail. */
export interface VerifyAllOptions {
  /** @default none */
  readonly notes?: readonly string[]
  /** Its peer id. @default the party's */
  readonly keyId?: string
}

/**
 * Walks every record and every tally, as of one moment. `ok` is about both.
 * @throws as `verifyTrail`; RowInvalidError for a tally that taleus never wrote
 */
export async function verifyAll(
  store: AuditStore,
  peerId: string,
  { notes = [], keyId = peerId }: VerifyAllOptions = {},
): Promise<WholeVerdict> {
  const proof = trailProof(keyId, notes)
  const { walked, tallies } = await store.query(function* () {
    const drafts = new AuditedDrafts()
    const walked = yield* walkTrail(proof, (text) => drafts.see(text))
    return { walked, tallies: yield* verifyTallies(peerId, drafts) }
  })
  const trail = await withIndices(store, walked)
  return { ...trail, ok: trail.ok && tallies.broken === 0, tallies }
}

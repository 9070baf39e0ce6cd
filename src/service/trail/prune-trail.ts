import type { NoteSigner } from '../../audit/checkpoint/note-key.ts'
import { openSegment, signSegment } from '../../audit/checkpoint/segment-note.ts'
import { BLOCK_LEAVES } from '../../audit/tree/tree-levels.ts'
import type { StoredSegment } from '../../store/audit/segments.ts'
import type { Store } from '../../store/transaction/store.ts'
import type { Repositories } from '../../store/work/repositories.ts'
import { TrailUnsoundError } from '../errors.ts'
import { type Operator, operatorRecord } from '../record/operator.ts'
import { sealSegment } from './seal-segments.ts'
import { takeCheckpoint } from './take-checkpoint.ts'
import { verifyTrail } from './verify-trail.ts'

export interface PruneOrder {
  /** Records written before this may go, ms since the epoch. */
  readonly before: number
  readonly operator: Operator
  readonly dryRun: boolean
}

/** The records that went, or would go. */
export interface PruneReport {
  /** How many records. */
  readonly removed: number
  /** Records 1 to this one are gone by now; 0 if none are. */
  readonly removedUpTo: number
}

/**
 * Removes the oldest records, in whole blocks of 256, and leaves a signed stub for them. What stays verifies as before,
 * and every checkpoint that was signed over more still holds. The newest record always stays.
 * @param peerId this party's own
 * @throws TrailUnsoundError: a trail that does not verify is evidence, and nothing of it is removed; StoreError
 */
export async function pruneTrail(
  store: Store,
  signer: NoteSigner,
  peerId: string,
  order: PruneOrder,
): Promise<PruneReport> {
  await takeCheckpoint(store, signer)
  const verdict = verifyTrail(store, peerId)
  if (!verdict.ok) throw new TrailUnsoundError()
  const { removedUpTo } = verdict
  const cut = store.read((repositories) => cutOf(repositories, removedUpTo, order.before))
  const removed = cut - removedUpTo
  if (removed === 0 || order.dryRun)
    return { removed, removedUpTo: removed === 0 ? removedUpTo : cut }
  await store.write((repositories) => closeUpTo(repositories, signer, cut))
  for (const segment of store.read(({ segments }) => segments.all())) {
    const isDue = segment.removedAt === undefined && segment.last <= cut
    if (isDue)
      await store.write((repositories) => remove(repositories, segment, signer, order.operator))
  }
  await takeCheckpoint(store, signer)
  return { removed, removedUpTo: cut }
}

/** The end of the last block that was written before, and that is not in the middle of a closed segment. */
function cutOf(repositories: Repositories, removedUpTo: number, before: number): number {
  const { audit, auditPruner, segments } = repositories
  const head = audit.lastSeq()
  let cut = removedUpTo
  for (let end = cut + BLOCK_LEAVES; end < head; end += BLOCK_LEAVES) {
    if ((auditPruner.writtenAt(end) ?? before) >= before) break
    cut = end
  }
  const split = segments.all().find(({ first, last }) => first <= cut && cut < last)
  return split === undefined ? cut : split.first - 1
}

function closeUpTo(repositories: Repositories, signer: NoteSigner, cut: number): void {
  const sealed = repositories.segments.sealedUpTo()
  if (cut > sealed) sealSegment(repositories, signer, sealed + 1, cut)
}

/** The stub, the removal and the record of it: all or nothing. */
function remove(
  { audit, auditPruner, segments }: Repositories,
  { first, last, note }: StoredSegment,
  signer: NoteSigner,
  operator: Operator,
): void {
  // A listener may have removed a part of it since it was looked at.
  if (!segments.all().some((each) => each.note === note)) return
  const at = Date.now()
  const removed = { at, reason: operator.reason ?? '' }
  const stub = signSegment({ ...openSegment(note, signer), removed }, signer)
  segments.put({ first, last, removedAt: at, note: stub })
  auditPruner.removeUpTo(last)
  audit.append(operatorRecord('audit prune', {}, { first, last }, operator))
}

import type { NoteSigner } from '../../audit/checkpoint/note-key.ts'
import { openSegment, signSegment } from '../../audit/checkpoint/segment-note.ts'
import { BLOCK_LEAVES } from '../../audit/tree/tree-levels.ts'
import { auditRecords } from '../../store/audit/audit-records.ts'
import { auditRemoval } from '../../store/audit/audit-removal.ts'
import { type StoredSegment, segmentRecords } from '../../store/audit/segment-records.ts'
import { appendAudit, type Query } from '../../store/query/query.ts'
import type { AuditStore, RecordStore } from '../../store/query/record-store.ts'
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
  store: AuditStore,
  signer: NoteSigner,
  peerId: string,
  order: PruneOrder,
): Promise<PruneReport> {
  await takeCheckpoint(store, signer)
  const verdict = await verifyTrail(store, peerId)
  if (!verdict.ok) throw new TrailUnsoundError()
  const { removedUpTo } = verdict
  const cut = await store.query(() => cutOf(removedUpTo, order.before))
  const removed = cut - removedUpTo
  if (removed === 0 || order.dryRun)
    return { removed, removedUpTo: removed === 0 ? removedUpTo : cut }
  const at = Date.now()
  await store.transact(() => closeUpTo(signer, cut, at))
  for (const segment of await store.query(() => segmentRecords.all())) {
    const isDue = segment.removedAt === undefined && segment.last <= cut
    if (isDue) await remove(store, segment, signer, order.operator)
  }
  await takeCheckpoint(store, signer)
  return { removed, removedUpTo: cut }
}

/** The end of the last block that was written before, and that is not in the middle of a closed segment. */
function* cutOf(removedUpTo: number, before: number): Query<number> {
  const head = yield* auditRecords.lastSeq()
  let cut = removedUpTo
  for (let end = cut + BLOCK_LEAVES; end < head; end += BLOCK_LEAVES) {
    if (((yield* auditRemoval.writtenAt(end)) ?? before) >= before) break
    cut = end
  }
  const segments = yield* segmentRecords.all()
  const split = segments.find(({ first, last }) => first <= cut && cut < last)
  return split === undefined ? cut : split.first - 1
}

function* closeUpTo(signer: NoteSigner, cut: number, at: number): Query<void> {
  const sealed = yield* segmentRecords.sealedUpTo()
  if (cut > sealed) yield* sealSegment(signer, sealed + 1, cut, at)
}

/** The stub, the removal and the record of it: all or nothing. */
function remove(
  store: Pick<RecordStore, 'transact'>,
  { first, last, note }: StoredSegment,
  signer: NoteSigner,
  operator: Operator,
): Promise<void> {
  const at = Date.now()
  const removed = { at, reason: operator.reason ?? '' }
  const stub = signSegment({ ...openSegment(note, signer), removed }, signer)
  const record = operatorRecord('audit prune', {}, { first, last }, operator)
  return store.transact(function* () {
    // A listener may have removed a part of it since it was looked at.
    if (!(yield* segmentRecords.all()).some((each) => each.note === note)) return
    yield* segmentRecords.put({ first, last, removedAt: at, note: stub })
    yield* auditRemoval.upTo(last)
    yield* appendAudit(record)
  })
}

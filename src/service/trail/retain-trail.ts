import { openCheckpoint } from '../../audit/checkpoint/checkpoint.ts'
import type { NoteSigner } from '../../audit/checkpoint/note-key.ts'
import { openSegment, signSegment } from '../../audit/checkpoint/segment-note.ts'
import { TreeGrower } from '../../audit/tree/tree-grower.ts'
import { BLOCK_LEAVES } from '../../audit/tree/tree-levels.ts'
import { auditRemoval } from '../../store/audit/audit-removal.ts'
import { auditTree } from '../../store/audit/audit-tree.ts'
import { checkpointRecords } from '../../store/audit/checkpoint-records.ts'
import { type StoredSegment, segmentRecords } from '../../store/audit/segment-records.ts'
import { TrailBrokenError } from '../../store/errors.ts'
import { appendAudit, type Query } from '../../store/query/query.ts'
import type { RecordStore } from '../../store/query/record-store.ts'
import { lifecycleRecord } from '../record/lifecycle-record.ts'
import type { PruneReport } from './prune-trail.ts'
import { segmentEnd } from './seal-segments.ts'

/** So many blocks of 256 records go in one transaction: 4,096 records hold a listener up for some 50 ms. */
const SLICE_BLOCKS = 16

/** Why a stub that a listener leaves says they went. Stubs that say the same grow together. */
const REASON = 'older than audit-retention'

/** How far back records stay. */
export interface Retention {
  /** Records written before this may go, ms since the epoch. */
  readonly before: number
  /** The setting, for the record of it. */
  readonly keepMs: number
}

/**
 * Removes a slice of the oldest records, and leaves a signed stub for them: the stub, the removal and the record of it
 * in one transaction. Only what a stored, signed checkpoint covers goes, and only after each record of it was held
 * against the chain and the tree that was signed: nothing that may be evidence.
 * @returns undefined if nothing is old enough, or signed
 * @throws TrailBrokenError if what is there is not what was signed: nothing of it is removed; StoreError
 */
export async function retainSlice(
  store: RecordStore,
  signer: NoteSigner,
  retention: Retention,
): Promise<PruneReport | undefined> {
  const { before, keepMs } = retention
  if ((await store.query(() => sliceOf(before))) === undefined) return undefined
  const { data, ...told } = lifecycleRecord('audit.pruned', { keepMs })
  return await store.transact(function* () {
    const slice = yield* sliceOf(before)
    if (slice === undefined) return undefined
    yield* mustBeSigned(signer, slice)
    yield* leaveStub(signer, slice, told.at)
    const { first, last } = slice
    yield* auditRemoval.upTo(last)
    yield* appendAudit({ ...told, severity: 'notice', data: { ...data, first, last } })
    return { removed: last - first + 1, removedUpTo: last }
  })
}

interface Slice {
  readonly first: number
  readonly last: number
  /** The closed stretch that begins with it, if there is one. */
  readonly sealed: StoredSegment | undefined
  /** The stub before it, if it is to grow. */
  readonly stub: StoredSegment | undefined
}

function* sliceOf(before: number): Query<Slice | undefined> {
  const segments = yield* segmentRecords.all()
  const stub = segments.findLast(({ removedAt }) => removedAt !== undefined)
  const gone = stub?.last ?? 0
  const sealed = segments.find(({ first }) => first === gone + 1)
  const signed = (yield* checkpointRecords.latest())?.size ?? 0
  // The newest record stays: it is what the next one is chained to.
  const most = Math.min(sealed?.last ?? signed, segmentEnd(gone + 1), signed - 1)
  let last = gone
  for (let block = 0; block < SLICE_BLOCKS; block += 1) {
    const end = last + BLOCK_LEAVES
    if (end > most || ((yield* auditRemoval.writtenAt(end)) ?? before) >= before) break
    last = end
  }
  const isOfOne = gone > 0 && segmentEnd(gone) >= last
  return last === gone
    ? undefined
    : { first: gone + 1, last, sealed, stub: isOfOne ? stub : undefined }
}

/** @throws TrailBrokenError */
function* mustBeSigned(signer: NoteSigner, slice: Slice): Query<void> {
  const latest = yield* checkpointRecords.latest()
  const { size, root } = openCheckpoint(latest?.note ?? '', signer)
  const isTree = size === latest?.size && Buffer.compare(yield* auditTree.root(size), root) === 0
  if (!isTree) throw new TrailBrokenError(slice.first)
  for (let from = slice.first - 1; from < slice.last; from += BLOCK_LEAVES) {
    const grower = new TreeGrower()
    for (const leaf of yield* auditTree.leaves(from, from + BLOCK_LEAVES)) grower.append(leaf)
    const n = from / BLOCK_LEAVES
    const [node] = yield* auditTree.nodes(1, n, n + 1)
    const isSame = node !== undefined && Buffer.compare(node, grower.root()) === 0
    if (!isSame) throw new TrailBrokenError(from + 1)
  }
}

/**
 * Closes anew what is left of a closed stretch, and lets the stub before it grow: there is one for each.
 * @param at now, ms since the epoch
 */
function* leaveStub(signer: NoteSigner, slice: Slice, at: number): Query<void> {
  const { first, last, sealed, stub } = slice
  const { hash: head } = yield* auditTree.headAt(last)
  const root = yield* auditTree.root(last)
  const before = stub === undefined ? undefined : openSegment(stub.note, signer)
  const grown = before?.removed?.reason === REASON ? before : undefined
  const begin = grown ?? { first, previous: (yield* auditTree.headAt(first - 1)).hash }
  if (sealed !== undefined && sealed.last > last) {
    const rest = { ...openSegment(sealed.note, signer), first: last + 1, previous: head }
    const note = signSegment(rest, signer)
    yield* segmentRecords.put({ first: rest.first, last: rest.last, note })
  }
  const removed = { at, reason: REASON }
  const { first: from, previous } = begin
  const note = signSegment(
    { first: from, last, previous, head, root, sealedAt: at, removed },
    signer,
  )
  yield* segmentRecords.put({ first: from, last, removedAt: at, note })
}

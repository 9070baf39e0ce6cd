import { openCheckpoint } from '../../audit/checkpoint/checkpoint.ts'
import type { NoteSigner } from '../../audit/checkpoint/note-key.ts'
import { openSegment, signSegment } from '../../audit/checkpoint/segment-note.ts'
import { TreeGrower } from '../../audit/tree/tree-grower.ts'
import { BLOCK_LEAVES } from '../../audit/tree/tree-levels.ts'
import type { StoredSegment } from '../../store/audit/segments.ts'
import { TrailBrokenError } from '../../store/errors.ts'
import type { Store } from '../../store/transaction/store.ts'
import type { Repositories } from '../../store/work/repositories.ts'
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
  store: Store,
  signer: NoteSigner,
  retention: Retention,
): Promise<PruneReport | undefined> {
  if (store.read((repositories) => sliceOf(repositories, retention.before)) === undefined)
    return undefined
  return await store.write((repositories) => {
    const slice = sliceOf(repositories, retention.before)
    if (slice === undefined) return undefined
    mustBeSigned(repositories, signer, slice)
    leaveStub(repositories, signer, slice)
    const { first, last } = slice
    repositories.auditPruner.removeUpTo(last)
    const data = { first, last, keepMs: retention.keepMs }
    repositories.audit.append({ ...lifecycleRecord('audit.pruned', data), severity: 'notice' })
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

function sliceOf(repositories: Repositories, before: number): Slice | undefined {
  const segments = repositories.segments.all()
  const stub = segments.findLast(({ removedAt }) => removedAt !== undefined)
  const gone = stub?.last ?? 0
  const sealed = segments.find(({ first }) => first === gone + 1)
  const signed = repositories.checkpoints.latest()?.size ?? 0
  // The newest record stays: it is what the next one is chained to.
  const most = Math.min(sealed?.last ?? signed, segmentEnd(gone + 1), signed - 1)
  let last = gone
  for (let block = 0; block < SLICE_BLOCKS; block += 1) {
    const end = last + BLOCK_LEAVES
    if (end > most || (repositories.auditPruner.writtenAt(end) ?? before) >= before) break
    last = end
  }
  const isOfOne = gone > 0 && segmentEnd(gone) >= last
  return last === gone
    ? undefined
    : { first: gone + 1, last, sealed, stub: isOfOne ? stub : undefined }
}

/** @throws TrailBrokenError */
function mustBeSigned({ tree, checkpoints }: Repositories, signer: NoteSigner, slice: Slice): void {
  const latest = checkpoints.latest()
  const { size, root } = openCheckpoint(latest?.note ?? '', signer)
  const isTree = size === latest?.size && Buffer.compare(tree.root(size), root) === 0
  if (!isTree) throw new TrailBrokenError(slice.first)
  for (let from = slice.first - 1; from < slice.last; from += BLOCK_LEAVES) {
    const grower = new TreeGrower()
    for (const leaf of tree.leaves(from, from + BLOCK_LEAVES)) grower.append(leaf)
    const node = tree.node(1, from / BLOCK_LEAVES)
    const isSame = node !== undefined && Buffer.compare(node, grower.root()) === 0
    if (!isSame) throw new TrailBrokenError(from + 1)
  }
}

/** Closes anew what is left of a closed stretch, and lets the stub before it grow: there is one for each. */
function leaveStub(repositories: Repositories, signer: NoteSigner, slice: Slice): void {
  const { tree, segments } = repositories
  const { first, last, sealed, stub } = slice
  const [at, head, root] = [Date.now(), tree.headAt(last).hash, tree.root(last)]
  const before = stub === undefined ? undefined : openSegment(stub.note, signer)
  const grown = before?.removed?.reason === REASON ? before : undefined
  const begin = grown ?? { first, previous: tree.headAt(first - 1).hash }
  if (sealed !== undefined && sealed.last > last) {
    const rest = { ...openSegment(sealed.note, signer), first: last + 1, previous: head }
    segments.put({ first: rest.first, last: rest.last, note: signSegment(rest, signer) })
  }
  const removed = { at, reason: REASON }
  const { first: from, previous } = begin
  const note = signSegment(
    { first: from, last, previous, head, root, sealedAt: at, removed },
    signer,
  )
  segments.put({ first: from, last, removedAt: at, note })
}

import type { NoteSigner } from '../../audit/checkpoint/note-key.ts'
import { signSegment } from '../../audit/checkpoint/segment-note.ts'
import { BLOCK_LEAVES } from '../../audit/tree/tree-levels.ts'
import { auditTree } from '../../store/audit/audit-tree.ts'
import { segmentRecords } from '../../store/audit/segment-records.ts'
import type { Query } from '../../store/query/query.ts'

/**
 * A segment is closed when it has so many records, a whole node of the tree. What is removed is whole segments:
 * small enough to go by months on a busy node.
 */
const SEGMENT_RECORDS = BLOCK_LEAVES ** 2

/** Closes every segment that is full, inside a transaction. @param at now, ms since the epoch @throws TrailBrokenError */
export function* sealSegments(signer: NoteSigner, size: number, at: number): Query<void> {
  let first = (yield* segmentRecords.sealedUpTo()) + 1
  for (let last = segmentEnd(first); last <= size; last = segmentEnd(first)) {
    yield* sealSegment(signer, first, last, at)
    first = last + 1
  }
}

/** Segments end where a node of the tree does, also after one that was closed early. */
export function segmentEnd(first: number): number {
  return (Math.floor((first - 1) / SEGMENT_RECORDS) + 1) * SEGMENT_RECORDS
}

/**
 * Closes one.
 * @param last the end of a block of 256 that is in the tree
 * @param sealedAt now, ms since the epoch
 */
export function* sealSegment(
  signer: NoteSigner,
  first: number,
  last: number,
  sealedAt: number,
): Query<void> {
  const { hash: previous } = yield* auditTree.headAt(first - 1)
  const { hash: head } = yield* auditTree.headAt(last)
  const segment = { first, last, previous, head, root: yield* auditTree.root(last), sealedAt }
  yield* segmentRecords.put({ first, last, note: signSegment(segment, signer) })
}

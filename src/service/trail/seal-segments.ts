import type { NoteSigner } from '../../audit/checkpoint/note-key.ts'
import { signSegment } from '../../audit/checkpoint/segment-note.ts'
import { BLOCK_LEAVES } from '../../audit/tree/tree-levels.ts'
import type { Repositories } from '../../store/work/repositories.ts'

/**
 * A segment is closed when it has so many records, a whole node of the tree. What is removed is whole segments:
 * small enough to go by months on a busy node.
 */
const SEGMENT_RECORDS = BLOCK_LEAVES ** 2

/** Closes every segment that is full, inside a transaction. @throws TrailBrokenError */
export function sealSegments(repositories: Repositories, signer: NoteSigner, size: number): void {
  let first = repositories.segments.sealedUpTo() + 1
  for (let last = segmentEnd(first); last <= size; last = segmentEnd(first)) {
    sealSegment(repositories, signer, first, last)
    first = last + 1
  }
}

/** Segments end where a node of the tree does, also after one that was closed early. */
export function segmentEnd(first: number): number {
  return (Math.floor((first - 1) / SEGMENT_RECORDS) + 1) * SEGMENT_RECORDS
}

/** Closes one. @param last the end of a block of 256 that is in the tree */
export function sealSegment(
  repositories: Repositories,
  signer: NoteSigner,
  first: number,
  last: number,
): void {
  const { tree, segments } = repositories
  const [previous, head] = [tree.headAt(first - 1).hash, tree.headAt(last).hash]
  const segment = { first, last, previous, head, root: tree.root(last), sealedAt: Date.now() }
  segments.put({ first, last, note: signSegment(segment, signer) })
}

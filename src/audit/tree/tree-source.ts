import { TreeGrower } from './tree-grower.ts'
import { BLOCK_LEAVES, TOP_LEVEL } from './tree-levels.ts'

/** What is stored of a tree. */
export interface TreeNodes {
  /** The stored nodes `from`…`to - 1` of a level, in order, without gaps; fewer if there are no more. */
  nodes(level: number, from: number, to: number): readonly Uint8Array[]
}

/** Where the hashes of a tree come from. */
export interface TreeSource extends TreeNodes {
  /** Leaf hashes `from`…`to - 1`, counted from 0, all of them. */
  leaves(from: number, to: number): readonly Uint8Array[]
}

/**
 * Grow a tree by the stored nodes over leaves `begin`…`end - 1`, the largest first.
 * @param grower of a tree that begins at `begin`, a multiple of each node's leaves that fits
 */
export function growByNodes(
  grower: TreeGrower,
  source: TreeNodes,
  begin: number,
  end: number,
): void {
  for (let level = TOP_LEVEL; level >= 1; level -= 1) {
    const leaves = BLOCK_LEAVES ** level
    const [from, to] = [(begin + grower.size) / leaves, Math.floor(end / leaves)]
    if (to <= from) continue
    for (const node of source.nodes(level, from, to)) grower.appendNode(level, node)
  }
}

/**
 * The root over leaves `begin`…`end - 1`, as RFC 6962 has it.
 * @param begin a multiple of a power of two that is not less than the count, as in every proof
 */
export function rangeRoot(source: TreeSource, begin: number, end: number): Uint8Array {
  const grower = new TreeGrower()
  growByNodes(grower, source, begin, end)
  const next = begin + grower.size
  if (next < end) for (const leaf of source.leaves(next, end)) grower.append(leaf)
  return grower.root()
}

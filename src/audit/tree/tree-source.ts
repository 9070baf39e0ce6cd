import { TreeGrower } from './tree-grower.ts'
import { BLOCK_LEAVES, TOP_LEVEL } from './tree-levels.ts'

// A tree is read step by step. What a step is, and what it is answered with, is the store's own: each method passes steps on
// to whoever runs it, and returns what they come to.

/** The stored nodes of a tree. */
export interface TreeNodes<Step, Answer> {
  /** Reads the nodes `from`…`to - 1` of a level, in order, without gaps; fewer if there are no more. */
  nodes(level: number, from: number, to: number): Generator<Step, readonly Uint8Array[], Answer>
}

/** The stored nodes of a tree, and its leaves. */
export interface TreeSource<Step, Answer> extends TreeNodes<Step, Answer> {
  /** Reads the leaf hashes `from`…`to - 1`, counted from 0, all of them. */
  leaves(from: number, to: number): Generator<Step, readonly Uint8Array[], Answer>
}

/**
 * Grows a tree by the stored nodes over leaves up to `end`, each as large as fits.
 * @param begin where the tree begins: 0, or a multiple of a power of two that is not less than its leaves
 */
export function* growByNodes<Step, Answer>(
  grower: TreeGrower,
  source: TreeNodes<Step, Answer>,
  begin: number,
  end: number,
): Generator<Step, void, Answer> {
  while (yield* growByLevel(grower, source, begin, end));
}

/** Grows it by the nodes of the highest level that fits here. @returns true if there were any */
function* growByLevel<Step, Answer>(
  grower: TreeGrower,
  source: TreeNodes<Step, Answer>,
  begin: number,
  end: number,
): Generator<Step, boolean, Answer> {
  const at = begin + grower.size
  for (let level = TOP_LEVEL; level >= 1; level -= 1) {
    const leaves = BLOCK_LEAVES ** level
    if (at % leaves !== 0 || at + leaves > end) continue
    const from = at / leaves
    const nextParent = (Math.floor(from / BLOCK_LEAVES) + 1) * BLOCK_LEAVES
    const nodes = yield* source.nodes(level, from, Math.min(Math.floor(end / leaves), nextParent))
    for (const node of nodes) grower.appendNode(level, node)
    if (nodes.length > 0) return true
  }
  return false
}

/**
 * Computes the root over leaves `begin`…`end - 1`, as RFC 6962 has it.
 * @param begin a multiple of a power of two that is not less than the count, as in every proof
 */
export function* rangeRoot<Step, Answer>(
  source: TreeSource<Step, Answer>,
  begin: number,
  end: number,
): Generator<Step, Uint8Array, Answer> {
  const grower = new TreeGrower()
  yield* growByNodes(grower, source, begin, end)
  const next = begin + grower.size
  if (next < end) for (const leaf of yield* source.leaves(next, end)) grower.append(leaf)
  return grower.root()
}

import { BLOCK_LEAVES, type TreeNode } from '../tree/tree-levels.ts'
import type { TreeNodes } from '../tree/tree-source.ts'
import type { TrailFault } from './trail-fault.ts'

/** Checks that the stored nodes of the tree are those over the records. */
export class TreeCheck {
  readonly #stored: TreeNodes
  /** By level, the first node that is not stored: no later one may be. */
  readonly #absent = new Map<number, number>()
  /** The first one found. */
  fault: TrailFault | undefined

  constructor(stored: TreeNodes) {
    this.#stored = stored
  }

  see({ level, n, hash }: TreeNode): void {
    const [stored] = this.#stored.nodes(level, n, n + 1)
    const absent = this.#absent.get(level)
    if (stored === undefined) {
      if (absent === undefined) this.#absent.set(level, n)
      return
    }
    const isSame = Buffer.compare(stored, hash) === 0
    if (isSame && absent === undefined) return
    const leaves = BLOCK_LEAVES ** level
    this.fault ??= {
      seq: (absent ?? n) * leaves + 1,
      problem: 'tree_mismatch',
      upTo: (n + 1) * leaves,
    }
  }
}

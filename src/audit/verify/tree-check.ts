import { BLOCK_LEAVES, type TreeNode } from '../tree/tree-levels.ts'
import type { TreeNodes } from '../tree/tree-source.ts'
import type { TrailFault } from './trail-fault.ts'

/** Checks that the stored nodes of the tree are those over the records. */
export class TreeCheck<Step, Answer> {
  readonly #stored: TreeNodes<Step, Answer>
  /** By level, the first node that is not stored: no later one may be. */
  readonly #absent = new Map<number, number>()

  constructor(stored: TreeNodes<Step, Answer>) {
    this.#stored = stored
  }

  /** @returns the first fault of these nodes; undefined if there is none */
  *check(nodes: readonly TreeNode[]): Generator<Step, TrailFault | undefined, Answer> {
    for (const node of nodes) {
      const fault = yield* this.#against(node)
      if (fault !== undefined) return fault
    }
    return undefined
  }

  *#against({ level, n, hash }: TreeNode): Generator<Step, TrailFault | undefined, Answer> {
    const [stored] = yield* this.#stored.nodes(level, n, n + 1)
    const absent = this.#absent.get(level)
    if (stored === undefined) {
      if (absent === undefined) this.#absent.set(level, n)
      return undefined
    }
    const isSame = Buffer.compare(stored, hash) === 0
    if (isSame && absent === undefined) return undefined
    const leaves = BLOCK_LEAVES ** level
    return { seq: (absent ?? n) * leaves + 1, problem: 'tree_mismatch', upTo: (n + 1) * leaves }
  }
}

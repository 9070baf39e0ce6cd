import { BLOCK_LEAVES } from '../../audit/tree/tree-levels.ts'
import type { TreeSource } from '../../audit/tree/tree-source.ts'

/** Blocks of leaves that are remembered: 8 KiB each. Partners that come again saw a few of the newest. */
const MAX_BLOCKS = 32

/**
 * A tree whose leaves are read once for many proofs: what is signed never changes, and each proof needs the leaves of
 * two blocks, of which the newest is always one.
 */
export class RememberedLeaves<Step, Answer> implements TreeSource<Step, Answer> {
  readonly #tree: TreeSource<Step, Answer>
  /** By number, the one that was used last at the end. */
  readonly #blocks = new Map<number, readonly Uint8Array[]>()

  constructor(tree: TreeSource<Step, Answer>) {
    this.#tree = tree
  }

  nodes(level: number, from: number, to: number): Generator<Step, readonly Uint8Array[], Answer> {
    return this.#tree.nodes(level, from, to)
  }

  /** @throws what the tree throws */
  *leaves(from: number, to: number): Generator<Step, readonly Uint8Array[], Answer> {
    const block = Math.floor(from / BLOCK_LEAVES)
    const begin = block * BLOCK_LEAVES
    if (to > begin + BLOCK_LEAVES) return yield* this.#tree.leaves(from, to)
    const leaves = yield* this.#upTo(block, to - begin)
    return leaves.slice(from - begin, to - begin)
  }

  /** So many leaves of a block, at least. */
  *#upTo(block: number, count: number): Generator<Step, readonly Uint8Array[], Answer> {
    const known = this.#blocks.get(block) ?? []
    const begin = block * BLOCK_LEAVES
    const leaves =
      known.length >= count
        ? known
        : [...known, ...(yield* this.#tree.leaves(begin + known.length, begin + count))]
    this.#blocks.delete(block)
    this.#blocks.set(block, leaves)
    const [oldest] = this.#blocks.keys()
    if (this.#blocks.size > MAX_BLOCKS && oldest !== undefined) this.#blocks.delete(oldest)
    return leaves
  }
}

import { EMPTY_ROOT, nodeHash } from './tree-hash.ts'
import { LEVEL_HEIGHT, type TreeNode } from './tree-levels.ts'

interface Subtree {
  /** It has 2^height leaves. */
  readonly height: number
  readonly hash: Uint8Array
}

/**
 * The right edge of an RFC 6962 tree: one hash for each bit of its size, which is enough to grow it and to know its
 * root. A leaf costs two hashes on average.
 */
export class TreeGrower {
  #size = 0
  /** The complete subtrees that the tree is made of, largest first; no two are of one height. */
  readonly #edge: Subtree[] = []
  readonly #onNode: ((node: TreeNode) => void) | undefined

  /** @param onNode called with each node of a level that an append completes */
  constructor(onNode?: (node: TreeNode) => void) {
    this.#onNode = onNode
  }

  /** Leaves so far. */
  get size(): number {
    return this.#size
  }

  /** Appends a leaf. @param leaf the leaf hash, 32 bytes */
  append(leaf: Uint8Array): void {
    this.#grow({ height: 0, hash: leaf })
  }

  /** Appends a whole node of a level at once; the size must be a multiple of its leaves. */
  appendNode(level: number, hash: Uint8Array): void {
    this.#grow({ height: level * LEVEL_HEIGHT, hash })
  }

  /** The tree's root, 32 bytes. */
  root(): Uint8Array {
    let root: Uint8Array | undefined
    for (let at = this.#edge.length - 1; at >= 0; at -= 1) {
      const hash = this.#edge[at]?.hash ?? EMPTY_ROOT
      root = root === undefined ? hash : nodeHash(hash, root)
    }
    return root ?? EMPTY_ROOT
  }

  #grow(subtree: Subtree): void {
    const leaves = 2 ** subtree.height
    if (this.#size % leaves !== 0) throw new RangeError('a subtree begins where its like would')
    this.#size += leaves
    let { height, hash } = subtree
    while (this.#edge.at(-1)?.height === height) {
      hash = nodeHash(this.#edge.pop()?.hash ?? EMPTY_ROOT, hash)
      height += 1
      if (height % LEVEL_HEIGHT === 0) this.#tell(height, hash)
    }
    this.#edge.push({ height, hash })
  }

  #tell(height: number, hash: Uint8Array): void {
    this.#onNode?.({ level: height / LEVEL_HEIGHT, n: this.#size / 2 ** height - 1, hash })
  }
}

/** Heights between two levels whose nodes are stored: one node for 256 leaves, one for 256 of those, and so on. */
export const LEVEL_HEIGHT = 8

/** Leaves under a node of level 1, and nodes of a level under one of the next. */
export const BLOCK_LEAVES = 2 ** LEVEL_HEIGHT

/** A node of level 4 has 2^32 leaves, more records than a log will have. */
export const TOP_LEVEL = 4

/** The root of a complete subtree with 256^level leaves. */
export interface TreeNode {
  readonly level: number
  /** Its place in its level, from 0. */
  readonly n: number
  /** 32 bytes. */
  readonly hash: Uint8Array
}

import type { ChainedRecord } from '../record/chain.ts'
import type { TreeNodes } from '../tree/tree-source.ts'
import type { IndexedRow, ThreadNames } from './thread-check.ts'

export interface TrailRow extends ChainedRecord, IndexedRow {}

/** A log as it is stored, with everything beside it that follows from its records. */
export interface TrailSource {
  /** Reads the rows there are, in the order of the log. */
  rows(): Iterable<TrailRow>
  /** Returns the names by which a thread is found that begins with this row; undefined if none does. */
  threadAt(seq: number): ThreadNames | undefined
  /** The stored nodes of the tree. */
  readonly tree: TreeNodes
  /** The checkpoints stored as signed by this node, smallest first. */
  readonly checkpoints: readonly { readonly size: number; readonly note: string }[]
  /** Closed stretches, first to last. */
  readonly segments: readonly {
    readonly first: number
    readonly last: number
    readonly note: string
  }[]
  /** Finds a record that the store's own indices do not lead to, though its row says that they do. */
  unindexed(): number | undefined
}

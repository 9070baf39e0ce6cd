import type { ChainedRecord } from '../record/chain.ts'
import type { TreeNodes } from '../tree/tree-source.ts'
import type { StoredFilters } from './filter-check.ts'
import type { IndexedRow } from './thread-check.ts'

export interface TrailRow extends ChainedRecord, IndexedRow {}

/** A log as it is stored, with everything beside it that follows from its records. */
export interface TrailSource {
  /** Reads the rows there are, in the order of the log. */
  rows(): Iterable<TrailRow>
  /** Returns the session that a row names in its column. */
  sessionNamedAt(seq: number): string | undefined
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
  /** The filters by which the blocks that name an id are found. */
  readonly filters: StoredFilters
  /** Finds a record that the store's own indices do not lead to, though its row says that they do. */
  unindexed(): number | undefined
}

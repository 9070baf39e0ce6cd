import type { ChainedRecord } from '../record/chain.ts'
import type { TreeNodes } from '../tree/tree-source.ts'
import type { StoredFilters } from './filter-check.ts'
import type { IndexedRow } from './thread-check.ts'

export interface TrailRow extends ChainedRecord, IndexedRow {}

/** A log as it is stored, with all that leans on it. */
export interface TrailSource {
  /** The rows there are, in the order of the log. */
  rows(): Iterable<TrailRow>
  /** The session that a row names in its column. */
  sessionNamedAt(seq: number): string | undefined
  /** What is stored of the tree. */
  readonly tree: TreeNodes
  /** What this node says it signed, smallest first. */
  readonly checkpoints: readonly { readonly size: number; readonly note: string }[]
  /** Closed stretches, first to last. */
  readonly segments: readonly {
    readonly first: number
    readonly last: number
    readonly note: string
  }[]
  /** By which blocks of records are found to name an id. */
  readonly filters: StoredFilters
  /** A record that the store's own indices do not lead to, though its row says so. */
  unindexed(): number | undefined
}

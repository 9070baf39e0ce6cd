import type { ChainedRecord } from '../record/chain.ts'
import type { TreeNodes } from '../tree/tree-source.ts'
import type { IndexedRow, ThreadNames } from './thread-check.ts'

export interface TrailRow extends ChainedRecord, IndexedRow {}

/** A log as it is stored, with everything beside it that follows from its records. It is read step by step, like its tree. */
export interface TrailSource<Step, Answer> {
  /** Reads the next rows after that one, in the order of the log; none if there are no more. */
  after(seq: number): Generator<Step, readonly TrailRow[], Answer>
  /** Returns the names by which a thread is found that begins with this row; undefined if none does. */
  threadAt(seq: number): Generator<Step, ThreadNames | undefined, Answer>
  /** The stored nodes of the tree. */
  readonly tree: TreeNodes<Step, Answer>
  /** The checkpoints stored as signed by this node, smallest first. */
  readonly checkpoints: readonly { readonly size: number; readonly note: string }[]
  /** Closed stretches, first to last. */
  readonly segments: readonly {
    readonly first: number
    readonly last: number
    readonly note: string
  }[]
}

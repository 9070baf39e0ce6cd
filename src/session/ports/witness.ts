import type { ConsistencyProof } from '../../protocol/message/messages.ts'

/** This party's newest signed checkpoint of its audit, for another party to keep. */
export interface OwnCheckpoint {
  /** The signed note; left out if nothing was signed yet. */
  readonly note?: string
  /** Consistency proofs from the sizes that were asked for, as far as there are any. */
  readonly proofs?: readonly ConsistencyProof[]
}

/** Shows other parties this party's own checkpoints, and knows how far theirs are kept here. */
export interface Witness {
  /**
   * Finds out whether the newest checkpoint is on the disk, because a stream has begun on which it may be shown. Resolves
   * when that is known, and never rejects.
   */
  prepare(): Promise<void>
  /** Returns a few sizes of that party's audit, from which its next checkpoint is to be proven. */
  sizesOf(peerId: string): Promise<readonly number[]>
  /** Returns the newest own checkpoint that no crash can take back; undefined if that is not certain at this moment. */
  own(sizes: readonly number[]): Promise<OwnCheckpoint | undefined>
}

import type { CheckpointMessage, ConsistencyProof } from '../../protocol/message/messages.ts'
import type { StoreTransaction } from './store.ts'

/** This party's newest signed checkpoint of its audit, for another party to keep. */
export interface OwnCheckpoint {
  /** The signed note; left out if nothing was signed yet. */
  readonly note?: string
  /** Consistency proofs from the sizes that were asked for, as far as there are any. */
  readonly proofs?: readonly ConsistencyProof[]
}

/** A checkpoint that came from a peer. */
export interface ShownCheckpoint {
  /** The peer id that the connection authenticated. */
  readonly peerId: string
  readonly sessionId: string
  readonly checkpoint: CheckpointMessage
  /** The sizes that it was told, on the same stream, to be known here. */
  readonly announced: readonly number[]
  /** Wall clock, ms since the epoch. */
  readonly at: number
  /** Monotonic clock, ms. */
  readonly monotonic: number
}

/** Keeps the checkpoints that other parties sign of their audits, and shows them this party's own. */
export interface Witness {
  /** Finds out whether the newest checkpoint is on the disk, because a stream has begun on which it may be shown. */
  prepare(): void
  /** Returns a few sizes of that party's audit, from which its next checkpoint is to be proven. */
  sizesOf(peerId: string): readonly number[]
  /** Returns the newest own checkpoint that no crash can take back; undefined if that is not certain at this moment. */
  own(sizes: readonly number[]): OwnCheckpoint | undefined
  /**
   * Checks a peer's checkpoint and keeps it, inside the transaction. A contradiction is recorded there as an alarm.
   * @returns the alarm in words, if it is a new one
   */
  take(shown: ShownCheckpoint, transaction: StoreTransaction): string | undefined
}

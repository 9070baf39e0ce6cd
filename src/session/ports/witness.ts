import type { CheckpointMessage, ConsistencyProof } from '../../protocol/message/messages.ts'
import type { StoreTransaction } from './store.ts'

/** How far this party's audit has grown, for another party to keep. */
export interface OwnCheckpoint {
  /** The signed note; left out if nothing was signed yet. */
  readonly note?: string
  /** From the sizes that were asked for, as far as there are any. */
  readonly proofs?: readonly ConsistencyProof[]
}

/** A checkpoint that came from a peer. */
export interface ShownCheckpoint {
  /** Whom the connection authenticated. */
  readonly peerId: string
  readonly sessionId: string
  readonly checkpoint: CheckpointMessage
  /** The sizes that it had been told, on the same stream, to be known here. */
  readonly announced: readonly number[]
  /** Wall clock, ms since the epoch. */
  readonly at: number
  /** Monotonic clock, ms. */
  readonly monotonic: number
}

/** Keeps what other parties sign about their audits, and shows them what this one signs. */
export interface Witness {
  /** A stream has begun on which a checkpoint may be shown: find out whether the newest is on the disk. */
  prepare(): void
  /** Sizes of that party's audit from which its next checkpoint shall be proven; a few. */
  sizesOf(peerId: string): readonly number[]
  /** The newest one that no crash can take back any more; undefined if that is not certain at this moment. */
  own(sizes: readonly number[]): OwnCheckpoint | undefined
  /**
   * Judge it and keep it, inside the transaction. What can't be is recorded there as an alarm.
   * @returns the alarm in words, if it is a new one
   */
  take(shown: ShownCheckpoint, transaction: StoreTransaction): string | undefined
}

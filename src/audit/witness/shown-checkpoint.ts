import type { CheckpointMessage } from '../../protocol/message/messages.ts'

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

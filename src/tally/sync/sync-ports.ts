import type { ChangeSignature } from '../../protocol/sync/change-signature.ts'
import type { KnownHeads, TallyHeads } from '../../protocol/sync/sync-frames.ts'

/** Frames to and from the one partner, in order. */
export interface SyncChannel {
  send(payload: Uint8Array): Promise<void>
  /** The next frame's payload. @throws if the stream is over */
  receive(): Promise<Uint8Array>
}

/** One side's turn about a tally. */
export interface SyncTurn {
  /** A message of Automerge's; of no bytes if there is none. */
  readonly message: Uint8Array
  /** Signatures under changes in the message, and perhaps under others. */
  readonly signatures: readonly ChangeSignature[]
  /** This side has changes that are not signed: it wants the signatures of all that are. */
  readonly wantsAll: boolean
}

/** One tally's document while it is synced with the partner. */
export interface SyncedReplica {
  /** The next turn to the partner; undefined: there is nothing to say. */
  generate(): Promise<SyncTurn | undefined>
  /** Takes a turn of the partner's. When this resolves, the changes in it are durable. @throws TallyRefusedError */
  receive(turn: SyncTurn): Promise<void>
  close(): Promise<void>
}

/** This side's tallies with the one partner. */
export interface SyncReplicas {
  /** Lists all tallies that are synced with the partner. */
  all(): Promise<readonly KnownHeads[]>
  /** Tells the heads of each of these; `null` if it is not synced with this partner, whatever the reason. */
  heads(tallyIds: readonly string[]): Promise<readonly TallyHeads[]>
  /** @throws TallyRefusedError if it can't be synced */
  open(tallyId: string): Promise<SyncedReplica>
  /** The partner's heads are these, and they are ours. */
  equal(tallies: readonly KnownHeads[]): Promise<void>
  /** The partner has told other heads than ours. */
  different(theirs: readonly KnownHeads[]): Promise<void>
  /** The partner has told where it is. */
  reachedAt(addresses: readonly string[]): Promise<void>
  /** An exchange is over, in whatever way: lets go of what it held. Another one may follow. */
  close(): Promise<void>
}

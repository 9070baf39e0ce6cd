import type { KnownHeads, TallyHeads } from '../../protocol/sync/sync-frames.ts'

/** Frames to and from the one partner, in order. */
export interface SyncChannel {
  send(payload: Uint8Array): Promise<void>
  /** The next frame's payload. @throws if the stream is over */
  receive(): Promise<Uint8Array>
}

/** One tally's document while it is synced with the partner. */
export interface SyncedReplica {
  /** The next message to the partner; undefined: there is nothing to say. */
  generate(): Promise<Uint8Array | undefined>
  /** Takes a message of the partner's. When this resolves, the changes in it are durable. @throws TallyRefusedError */
  receive(message: Uint8Array): Promise<void>
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
}

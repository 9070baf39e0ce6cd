import type { Query } from './query.ts'

/** The nodes that share a store, as it has them. Each is part of a question or a change. */
export interface SharedNodes {
  /** Peer ids of those that hold their lease now. */
  atWork(): Query<readonly string[]>
  /** Retires a node, so that nothing that it has under way counts, or lets it be one again. */
  setRetired(peerId: string, isRetired: boolean): Query<void>
  /** Has a node look after what others have left at once. */
  callUpon(peerId: string): Query<void>
}

/** The records of a store, for all that is off the way of sessions. */
export interface RecordStore {
  /** Reads, all of it as of one moment. @throws StoreError, StoreDamagedError */
  query<Result>(question: () => Query<Result>): Promise<Result>
  /** Reads what is durable, and nothing that may still be lost. @throws as `query` */
  queryDurable<Result>(question: () => Query<Result>): Promise<Result>
  /** Reads and writes: all of it, or nothing if it throws. Resolves when it is durable. @throws StoreError, StoreDamagedError, what `work` throws */
  transact<Result>(work: () => Query<Result>): Promise<Result>
  /** Returns the bytes that each table takes, with its indices. Reads much of the store. @throws StoreError, StoreDamagedError */
  tableBytes(): Promise<ReadonlyMap<string, number>>
  /** Undefined where one process has the store. */
  readonly nodes?: SharedNodes
}

/** The records of a store whose audit is to be verified, down to the engine's own indices. */
export interface AuditStore extends RecordStore {
  /**
   * Finds a record of the audit that the engine's indices do not lead to, though its row says that they do; for a surplus
   * entry the last record; undefined if all is well. Reads the table and its indices once. @throws StoreError
   */
  unindexedRecord(): Promise<number | undefined>
}

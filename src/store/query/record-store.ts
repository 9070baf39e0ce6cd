import type { Query } from './query.ts'

/** The records of a store, for all that is off the way of sessions. */
export interface RecordStore {
  /** Reads, all of it as of one moment. @throws StoreError, StoreDamagedError */
  query<Result>(question: () => Query<Result>): Promise<Result>
  /** Reads and writes: all of it, or nothing if it throws. Resolves when it is durable. @throws StoreError, StoreDamagedError, what `work` throws */
  transact<Result>(work: () => Query<Result>): Promise<Result>
  /** Returns the bytes that each table takes, with its indices. Reads much of the store. @throws StoreError, StoreDamagedError */
  tableBytes(): Promise<ReadonlyMap<string, number>>
}

/** The records of a store whose audit is to be verified, down to the engine's own indices. */
export interface AuditStore extends RecordStore {
  /**
   * Finds a record of the audit that the engine's indices do not lead to, though its row says that they do; for a surplus
   * entry the last record; undefined if all is well. Reads the table and its indices once. @throws StoreError
   */
  unindexedRecord(): Promise<number | undefined>
}

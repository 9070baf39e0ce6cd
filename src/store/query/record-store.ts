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

import type { DatabaseSync, StatementSync } from 'node:sqlite'
import { translate } from './database.ts'

interface Batch {
  readonly durable: Promise<void>
  resolve(): void
  reject(reason: unknown): void
  /** Told when the batch is lost, before anyone hears of it. */
  size: number
}

/**
 * Many callers, one commit. Work runs at once inside the open transaction; the transaction is committed
 * when the event loop has handled what was ready, so everything that arrived together shares one fsync.
 */
export class GroupCommit {
  readonly #path: string
  readonly #database: DatabaseSync
  readonly #begin: StatementSync
  readonly #commit: StatementSync
  readonly #rollback: StatementSync
  readonly #save: StatementSync
  readonly #release: StatementSync
  readonly #undo: StatementSync
  readonly #onUndo: () => void
  #open: Batch | undefined
  #commits = 0

  /** @param onUndo called after writes were undone: what was remembered about the data is stale */
  constructor(path: string, database: DatabaseSync, onUndo: () => void) {
    this.#path = path
    this.#database = database
    this.#begin = database.prepare('BEGIN IMMEDIATE')
    this.#commit = database.prepare('COMMIT')
    this.#rollback = database.prepare('ROLLBACK')
    this.#save = database.prepare('SAVEPOINT work')
    this.#release = database.prepare('RELEASE work')
    this.#undo = database.prepare('ROLLBACK TO work')
    this.#onUndo = onUndo
  }

  /** Commits so far, for the curious. */
  get commits(): number {
    return this.#commits
  }

  /**
   * @throws what `work` throws, its own writes undone; StoreError if the store can't begin a transaction
   */
  run<Result>(work: () => Result): { readonly value: Result; readonly durable: Promise<void> } {
    const batch = this.#open ?? this.#start()
    this.#save.run()
    let value: Result
    try {
      value = work()
    } catch (error) {
      this.#undoWork(error)
      throw translate(this.#path, error)
    }
    this.#release.run()
    batch.size += 1
    return { value, durable: batch.durable }
  }

  /** Commit what is open, now. For the end of a command. */
  flush(): void {
    const batch = this.#open
    if (batch !== undefined) this.#finish(batch)
  }

  #start(): Batch {
    try {
      this.#begin.run()
    } catch (error) {
      throw translate(this.#path, error)
    }
    this.#onUndo()
    const { promise, resolve, reject } = Promise.withResolvers<void>()
    // Whoever does not wait for durability must not turn a lost batch into an unhandled rejection.
    promise.catch(() => undefined)
    const batch: Batch = { durable: promise, resolve, reject, size: 0 }
    this.#open = batch
    setImmediate(() => this.#finish(batch))
    return batch
  }

  #finish(batch: Batch): void {
    if (this.#open !== batch) return
    this.#open = undefined
    try {
      this.#commit.run()
    } catch (error) {
      this.#abandon()
      batch.reject(translate(this.#path, error))
      return
    }
    this.#commits += 1
    batch.resolve()
  }

  #undoWork(cause: unknown): void {
    this.#onUndo()
    // Some failures (disk full, I/O) end the whole transaction by themselves.
    if (this.#database.isTransaction) {
      this.#undo.run()
      this.#release.run()
      return
    }
    const batch = this.#open
    this.#open = undefined
    batch?.reject(translate(this.#path, cause))
  }

  #abandon(): void {
    this.#onUndo()
    if (this.#database.isTransaction) this.#rollback.run()
  }
}

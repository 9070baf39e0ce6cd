import type { DatabaseSync, StatementSync } from 'node:sqlite'
import { StoreError } from '../errors.ts'
import { translate } from '../row/translate.ts'
import { type CommitPace, LOOP_PACE, MAX_GATHER_MS } from './commit-pace.ts'
import type { CommitSync } from './commit-sync.ts'

interface Batch {
  readonly durable: Promise<void>
  readonly since: number
  /** Number of pieces of work so far. */
  size: number
  /** No more work is expected: the batch is committed as soon as the one before is on the disk. */
  isDue: boolean
  resolve(): void
  reject(reason: unknown): void
}

/** An observer that remembers part of the data, and has to hear when that may be stale. */
export interface CommitObserver {
  /** Called when a transaction begins: since the last one other processes may have written. */
  begun(): void
  /** Called when a piece of work begins in it. */
  workBegun?(): void
  /** Called when the writes of that piece of work were undone. */
  workUndone(): void
  /** Writes what is still to be written in this transaction: before its commit, and before what reads that. */
  write?(): void
  /** Called when the whole transaction was undone. */
  undone(): void
}

/**
 * Shares one commit among many callers. Work runs at once inside the open transaction. The transaction is committed when a
 * whole turn of the event loop brought no more work and the commit before is on the disk, so everything that arrived
 * together, or while the disk was busy, shares one fsync.
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
  readonly #observers: readonly CommitObserver[]
  readonly #pace: CommitPace
  readonly #sync: CommitSync
  #open: Batch | undefined
  /** Batches that are committed and not synced yet. */
  #leaving: Batch[] = []
  /** Set once a sync has failed: how much of the log is on the disk is unknown, so nothing may be written after it. */
  #broken: StoreError | undefined
  /** Why no transaction could begin, until the present turn is over: each of many callers would wait for the lock anew. */
  #refused: unknown
  #commits = 0
  #syncSince = 0
  /** Called each time that commits reached the disk, with the number of pieces of work and the ms that the disk took. */
  onArrived: ((size: number, ms: number) => void) | undefined

  constructor(
    path: string,
    database: DatabaseSync,
    observers: readonly CommitObserver[],
    { sync, pace = LOOP_PACE }: { readonly sync: CommitSync; readonly pace?: CommitPace },
  ) {
    this.#path = path
    this.#sync = sync
    this.#database = database
    this.#begin = database.prepare('BEGIN IMMEDIATE')
    this.#commit = database.prepare('COMMIT')
    this.#rollback = database.prepare('ROLLBACK')
    this.#save = database.prepare('SAVEPOINT work')
    this.#release = database.prepare('RELEASE work')
    this.#undo = database.prepare('ROLLBACK TO work')
    this.#observers = observers
    this.#pace = pace
  }

  /** How many commits there were so far. */
  get commits(): number {
    return this.#commits
  }

  /** For how long the oldest commit has been on its way to the disk, ms; 0 if none is. */
  get oldestMs(): number {
    return this.#leaving.length === 0 ? 0 : this.#pace.monotonic() - this.#syncSince
  }

  /** Resolves when everything that was begun is on the disk; rejects with StoreError if the last of it is lost. */
  get arrived(): Promise<void> {
    const last = this.#open ?? this.#leaving.at(-1)
    return last?.durable ?? Promise.resolve()
  }

  /** Writes what the observers still have to write in the open transaction. @throws StoreError */
  write(): void {
    try {
      for (const observer of this.#observers) observer.write?.()
    } catch (error) {
      throw translate(this.#path, error)
    }
  }

  /**
   * Runs `work` inside the open transaction, or a new one. Work that reads what observers write needs `write` before it.
   * @returns its value, and a promise that resolves when its writes are on the disk
   * @throws what `work` throws, its own writes undone; StoreError if the store can't begin a transaction
   */
  run<Result>(work: () => Result): { readonly value: Result; readonly durable: Promise<void> } {
    const batch = this.#open ?? this.#start()
    let value: Result
    try {
      this.#save.run()
      for (const observer of this.#observers) observer.workBegun?.()
      value = work()
      this.#release.run()
    } catch (error) {
      const cause = translate(this.#path, error)
      this.#undoWork(cause)
      throw cause
    }
    batch.size += 1
    return { value, durable: batch.durable }
  }

  /** Commits the open batch and syncs before it returns. The promises of whatever did not reach the disk reject. */
  close(): void {
    if (this.#open !== undefined) this.#commitNow(this.#open)
    if (this.#leaving.length > 0) this.#arrived(this.#syncNow())
    this.#sync.close()
  }

  #syncNow(): unknown {
    try {
      this.#sync.now()
      return undefined
    } catch (error) {
      return error
    }
  }

  #start(): Batch {
    this.#beginNow()
    for (const observer of this.#observers) observer.begun()
    const { promise, resolve, reject } = Promise.withResolvers<void>()
    // A caller that does not wait for durability must not turn a lost batch into an unhandled rejection.
    promise.catch(() => undefined)
    const batch: Batch = {
      durable: promise,
      since: this.#pace.monotonic(),
      size: 0,
      isDue: false,
      resolve,
      reject,
    }
    this.#open = batch
    this.#gather(batch, 1)
    return batch
  }

  #beginNow(): void {
    const problem = this.#broken ?? this.#refused
    if (problem !== undefined) throw problem
    try {
      this.#begin.run()
    } catch (error) {
      this.#refused = translate(this.#path, error)
      this.#pace.later(() => {
        this.#refused = undefined
      })
      throw this.#refused
    }
  }

  #gather(batch: Batch, seen: number): void {
    this.#pace.later(() => {
      const waited = this.#pace.monotonic() - batch.since
      const isQuiet = batch.size <= seen || waited >= MAX_GATHER_MS
      if (isQuiet) this.#finish(batch)
      else this.#gather(batch, batch.size)
    })
  }

  #finish(batch: Batch): void {
    if (this.#open !== batch) return
    if (this.#leaving.length === 0) this.#commitNow(batch)
    else batch.isDue = true
  }

  #commitNow(batch: Batch): void {
    this.#open = undefined
    try {
      this.write()
      this.#commit.run()
    } catch (error) {
      this.#abandon(batch, translate(this.#path, error))
      return
    }
    this.#commits += 1
    this.#leaving.push(batch)
    if (this.#leaving.length > 1) return
    this.#syncSince = this.#pace.monotonic()
    this.#sync.begin((problem) => this.#arrived(problem))
  }

  #arrived(problem: unknown): void {
    const arrived = this.#leaving
    this.#leaving = []
    if (problem === undefined) this.#tellArrived(arrived)
    else this.#break(problem)
    for (const batch of arrived) {
      if (this.#broken === undefined) batch.resolve()
      else batch.reject(this.#broken)
    }
    // The callers that waited go on first, so that their next writes join the next commit.
    const next = this.#open
    if (next?.isDue === true) this.#pace.later(() => this.#finish(next))
  }

  #tellArrived(arrived: readonly Batch[]): void {
    if (this.onArrived === undefined) return
    const size = arrived.reduce((sum, batch) => sum + batch.size, 0)
    this.onArrived(size, this.#pace.monotonic() - this.#syncSince)
  }

  #break(cause: unknown): void {
    const problem = 'did not reach the disk, and takes no more until it is opened again'
    this.#broken = new StoreError(this.#path, problem, { cause })
    const batch = this.#open
    this.#open = undefined
    if (batch !== undefined) this.#abandon(batch, this.#broken)
  }

  #undoWork(cause: unknown): void {
    for (const observer of this.#observers) observer.workUndone()
    const batch = this.#open
    try {
      // Some failures (disk full, I/O) end the whole transaction by themselves.
      if (this.#database.isTransaction) {
        this.#undo.run()
        this.#release.run()
        return
      }
    } catch {
      // Work that can't be undone alone must not be committed with the rest.
    }
    this.#open = undefined
    if (batch !== undefined) this.#abandon(batch, cause)
  }

  /** Rolls back and rejects the batch, so that no lock is left. */
  #abandon(batch: Batch, cause: unknown): void {
    for (const observer of this.#observers) observer.undone()
    try {
      if (this.#database.isTransaction) this.#rollback.run()
    } catch {
      // The next transaction will fail to begin, and say why.
    }
    batch.reject(cause)
  }
}

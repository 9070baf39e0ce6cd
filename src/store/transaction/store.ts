import { accessSync, constants } from 'node:fs'
import type { DatabaseSync } from 'node:sqlite'
import type { StoreLookups } from '../../session/ports/lookups.ts'
import type { Submitted, Urgency, Work, WorkOutcome } from '../../session/ports/work.ts'
import type { Write } from '../../session/ports/write.ts'
import { unindexedRecord } from '../audit/unindexed-record.ts'
import { type CommitPace, LOOP_PACE } from '../commit/commit-pace.ts'
import { type CommitSync, IN_COMMIT, LogSync } from '../commit/commit-sync.ts'
import { GroupCommit } from '../commit/group-commit.ts'
import { PATIENCE_MS, PatientWork } from '../commit/patient-work.ts'
import { BUSY_TIMEOUT_MS, openDatabase, openMemoryDatabase } from '../file/database.ts'
import { tableBytes } from '../file/table-bytes.ts'
import type { PartyStore } from '../query/party-store.ts'
import type { Query } from '../query/query.ts'
import { SqliteQueries } from '../query/sqlite-query.ts'
import { guard, translatePreparing } from '../row/translate.ts'
import { applyWork } from '../work/apply-work.ts'
import { lookupsOn } from '../work/lookups.ts'
import { Repositories } from '../work/repositories.ts'
import { WriteRefused } from '../work/write-refused.ts'

/** How long a process that ends waits for its last commit, ms: a slow disk needs one second, a broken one has no end. */
const MAX_LAST_SYNC_MS = 3_000

/** Writes that read the journal, and so need all of it to be written before them. */
const READ_JOURNAL: ReadonlySet<Write['op']> = new Set(['pruneHistory'])

/** Undoes the writes of a rehearsal. Never leaves this file. */
class Rehearsed extends Error {
  override readonly name = 'Rehearsed'
  readonly outcome: WorkOutcome

  constructor(outcome: WorkOutcome) {
    super('only rehearsed')
    this.outcome = outcome
  }
}

/** The store: one file that holds everything that must survive, synced in one way. */
export class Store implements PartyStore {
  readonly path: string
  /** The tables. Reading is free at any time; writing belongs inside `write` or `submit`. */
  readonly repositories: Repositories
  readonly lookups: StoreLookups
  readonly #database: DatabaseSync
  readonly #commits: GroupCommit
  readonly #patient: PatientWork
  readonly #queries: SqliteQueries
  #isAbandoned = false

  /** @param sync by default none: then SQLite's own commit has to sync */
  constructor(
    path: string,
    database: DatabaseSync,
    repositories: Repositories,
    {
      pace = LOOP_PACE,
      sync = IN_COMMIT,
      patienceMs = 0,
    }: { pace?: CommitPace; sync?: CommitSync; patienceMs?: number } = {},
  ) {
    this.path = path
    this.#database = database
    this.repositories = repositories
    this.#patient = new PatientWork(patienceMs)
    this.lookups = lookupsOn(repositories, async (question) => this.read(question))
    const { audit, pruner, sessions } = repositories
    this.#queries = new SqliteQueries(database, audit, { audit, journal: sessions })
    this.#commits = new GroupCommit(path, database, [audit, sessions, pruner], { pace, sync })
  }

  /** How many commits, and fsyncs, there were so far. */
  get commits(): number {
    return this.#commits.commits
  }

  get oldestCommitMs(): number {
    return this.#commits.oldestMs
  }

  watchCommits(tell: (size: number, ms: number) => void): () => void {
    this.#commits.onArrived = tell
    return () => {
      this.#commits.onArrived = undefined
    }
  }

  submit(work: Work, urgency: Urgency = 'now'): Submitted {
    if (urgency === 'now') return this.#apply(work)
    const outcome = Promise.withResolvers<WorkOutcome>()
    const durable = Promise.withResolvers<void>()
    // Whoever does not wait for it must not turn it into an unhandled rejection.
    for (const { promise } of [outcome, durable]) promise.catch(() => undefined)
    this.#patient.add(() => {
      const submitted = this.#run(work)
      outcome.resolve(submitted.outcome)
      durable.resolve(submitted.durable)
    })
    return { outcome: outcome.promise, durable: durable.promise }
  }

  #apply(work: Work): Submitted {
    this.#patient.flush()
    return this.#run(work)
  }

  #run(work: Work): Submitted {
    try {
      if (work.some(({ op }) => READ_JOURNAL.has(op))) this.#commits.write()
      const { value, durable } = this.#commits.run(() => applyWork(this.repositories, work))
      return { outcome: Promise.resolve({ kind: 'applied', ...value }), durable }
    } catch (error) {
      if (!(error instanceof WriteRefused)) return failed(error)
      const { at, why } = error
      // The reason may be a write that is not on the disk yet.
      return { outcome: Promise.resolve({ kind: 'lost', at, why }), durable: this.#commits.arrived }
    }
  }

  async rehearse(work: Work): Promise<WorkOutcome> {
    this.#patient.flush()
    this.#commits.write()
    try {
      this.#commits.run(() => {
        throw new Rehearsed({ kind: 'applied', ...applyWork(this.repositories, work) })
      })
    } catch (error) {
      if (error instanceof WriteRefused) return { kind: 'lost', at: error.at, why: error.why }
      if (error instanceof Rehearsed) return error.outcome
      throw error
    }
    throw new TypeError('a rehearsal came to nothing')
  }

  async query<Result>(question: () => Query<Result>): Promise<Result> {
    this.#patient.flush()
    return guard(this.path, () => this.#queries.read(question))
  }

  /** It waits for the batch that what is read may be part of. */
  queryDurable<Result>(question: () => Query<Result>): Promise<Result> {
    return this.transact(question)
  }

  async unindexedRecord(): Promise<number | undefined> {
    return guard(this.path, () => unindexedRecord(this.#database))
  }

  async transact<Result>(work: () => Query<Result>): Promise<Result> {
    this.#patient.flush()
    this.#commits.write()
    const { value, durable } = this.#commits.run(() => this.#queries.run(work()))
    await durable
    return value
  }

  async tableBytes(): Promise<ReadonlyMap<string, number>> {
    this.#patient.flush()
    return guard(this.path, () => tableBytes(this.#database))
  }

  /** Writes, for commands. Resolves when the writes are durable. */
  async write<Result>(work: (repositories: Repositories) => Result): Promise<Result> {
    this.#patient.flush()
    this.#commits.write()
    const { value, durable } = this.#commits.run(() => work(this.repositories))
    await durable
    return value
  }

  /**
   * Reads, with SQLite's failures translated. The value that `work` returns must not read any more.
   * @throws StoreDamagedError, StoreError
   */
  read<Result>(work: (repositories: Repositories) => Result): Result {
    this.#patient.flush()
    return guard(this.path, () => work(this.repositories))
  }

  isReadOnly(): boolean {
    // One in memory has no file.
    if (this.#database.location() === null) return false
    try {
      accessSync(this.path, constants.R_OK | constants.W_OK)
      return false
    } catch {
      return true
    }
  }

  /** Commits what is open, and waits for the disk, however long that takes. Idempotent. */
  close(): void {
    if (!this.#database.isOpen || this.#isAbandoned) return
    this.#patient.flush()
    this.#commits.close()
    this.#database.close()
  }

  /**
   * Waits until what was written is on the disk, but no longer than a commit may take, `MAX_LAST_SYNC_MS`. A disk that
   * stands still then is left alone: `close` does nothing any more, since each way to close would wait for that disk with the whole process.
   * The next process that opens the store finds what has arrived.
   * @returns false if it was left
   */
  async settle(): Promise<boolean> {
    if (!this.#database.isOpen || this.#isAbandoned) return !this.#isAbandoned
    this.#patient.flush()
    const timer = Promise.withResolvers<'late'>()
    const late = setTimeout(
      () => timer.resolve('late'),
      Math.max(0, MAX_LAST_SYNC_MS - this.oldestCommitMs),
    )
    const settled = this.#commits.arrived.catch(() => undefined)
    const first = await Promise.race([settled, timer.promise])
    clearTimeout(late)
    this.#isAbandoned = first === 'late'
    return !this.#isAbandoned
  }
}

function failed(error: unknown): Submitted {
  const outcome = Promise.reject(error)
  // Whoever does not wait for it must not turn it into an unhandled rejection.
  outcome.catch(() => undefined)
  return { outcome, durable: outcome }
}

export interface StoreInit {
  /** How long a write waits for another process, in ms; nothing else runs meanwhile. @default 5000 */
  readonly busyTimeoutMs?: number
  /** When a commit stops waiting for more work. @default turns of the event loop */
  readonly pace?: CommitPace
  /** The longest that work waits on whose strength nobody acts, ms. @default PATIENCE_MS */
  readonly patienceMs?: number
  /** Brings commits to the disk. @default `LogSync` */
  readonly sync?: CommitSync
  /** Asked before an older store is brought up to date: true refuses it with StoreInUseError. @default nobody uses it */
  readonly isInUse?: () => boolean
}

/**
 * Opens a store.
 * @param path the store's file; made, mode 0600, if there is none
 * @throws StoreDamagedError, StoreNewerError, StoreInUseError, StoreError, and DataDirectoryError for a symbolic link,
 *   a foreign owner or a looser mode than 0600
 */
export function openStore(
  path: string,
  { busyTimeoutMs = BUSY_TIMEOUT_MS, isInUse, ...given }: StoreInit = {},
): Store {
  const { pace = LOOP_PACE, patienceMs = PATIENCE_MS, sync } = given
  const database = openDatabase(path, busyTimeoutMs, isInUse)
  return storeOn(database, path, (repositories) => {
    // From here on the log is synced by `LogSync` and not by SQLite's commit.
    database.exec('PRAGMA synchronous = NORMAL')
    const durability = { pace, patienceMs, sync: sync ?? new LogSync(path) }
    return new Store(path, database, repositories, durability)
  })
}

/** A store that lives and dies with the process, for embedding without files. */
export function openMemoryStore(): Store {
  const database = openMemoryDatabase()
  return storeOn(
    database,
    ':memory:',
    (repositories) => new Store(':memory:', database, repositories),
  )
}

function storeOn(
  database: DatabaseSync,
  path: string,
  make: (repositories: Repositories) => Store,
): Store {
  try {
    return make(new Repositories(database))
  } catch (error) {
    database.close()
    throw translatePreparing(path, error)
  }
}

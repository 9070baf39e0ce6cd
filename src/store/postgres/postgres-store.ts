import type { StoreLookups } from '../../session/ports/lookups.ts'
import type { Submitted, Urgency, Work, WorkOutcome } from '../../session/ports/work.ts'
import type { PartyStore } from '../query/party-store.ts'
import type { Query } from '../query/query.ts'
import type { SharedNodes } from '../query/record-store.ts'
import { storeFailure } from './connection/store-failure.ts'
import type { StoreDatabase } from './open-store-database.ts'
import { PostgresSessionStore, type PostgresSessionStoreInit } from './postgres-session-store.ts'
import { unindexedIn } from './records/index-check.ts'

/** How long a process that ends waits for its last commit, ms: as long as with a disk of its own. */
const MAX_LAST_COMMIT_MS = 3_000

/** A party's store in PostgreSQL, as one of its nodes has it. */
export class PostgresStore implements PartyStore {
  readonly path: string
  readonly database: StoreDatabase
  readonly #sessions: PostgresSessionStore
  #closed: Promise<void> | undefined

  constructor(database: StoreDatabase, init?: PostgresSessionStoreInit) {
    this.database = database
    this.path = database.place.name
    this.#sessions = new PostgresSessionStore(database, init)
  }

  get nodes(): SharedNodes {
    return this.database.records.nodes
  }

  get lookups(): StoreLookups {
    return this.#sessions.lookups
  }

  get commits(): number {
    return this.#sessions.commits
  }

  get oldestCommitMs(): number {
    return this.#sessions.oldestCommitMs
  }

  watchCommits(tell: (size: number, ms: number) => void): () => void {
    return this.#sessions.watchCommits(tell)
  }

  submit(work: Work, urgency?: Urgency): Submitted {
    return this.#sessions.submit(work, urgency)
  }

  rehearse(work: Work): Promise<WorkOutcome> {
    return this.#sessions.rehearse(work)
  }

  query<Result>(question: () => Query<Result>): Promise<Result> {
    return this.database.records.query(question)
  }

  queryDurable<Result>(question: () => Query<Result>): Promise<Result> {
    return this.database.records.queryDurable(question)
  }

  transact<Result>(work: () => Query<Result>): Promise<Result> {
    return this.database.records.transact(work)
  }

  tableBytes(): Promise<ReadonlyMap<string, number>> {
    return this.database.records.tableBytes()
  }

  async unindexedRecord(): Promise<number | undefined> {
    const { pool, place, own } = this.database
    try {
      const client = await pool.connected()
      let isClean = false
      try {
        const found = await unindexedIn(client, place, own)
        isClean = true
        return found
      } finally {
        client.release(!isClean)
      }
    } catch (error) {
      throw storeFailure(error, place)
    }
  }

  /** A server that takes no writes says so at each. */
  isReadOnly(): boolean {
    return false
  }

  async settle(): Promise<boolean> {
    if (this.#closed !== undefined) return true
    const late = Promise.withResolvers<false>()
    const timer = setTimeout(() => late.resolve(false), MAX_LAST_COMMIT_MS)
    const isSettled = await Promise.race([this.#sessions.settle().then(() => true), late.promise])
    clearTimeout(timer)
    // Its connections end with the process.
    if (!isSettled) this.#closed = Promise.resolve()
    return isSettled
  }

  async close(): Promise<void> {
    this.#closed ??= this.#sessions.settle().then(() => this.database.close())
    await this.#closed
  }
}

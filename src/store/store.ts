import { chmodSync } from 'node:fs'
import type { DatabaseSync } from 'node:sqlite'
import type { SessionStore, StoreTransaction } from '../session/ports/store.ts'
import { BookTransaction } from './book-transaction.ts'
import { type Books, openBooks } from './books.ts'
import { guard, openDatabase } from './database.ts'
import { GroupCommit } from './group-commit.ts'

/** One file, one fsync discipline: everything that must survive is in here. */
export class Store implements SessionStore {
  readonly path: string
  /** The tables. Reading is free at any time; writing belongs inside `write` or `transact`. */
  readonly books: Books
  readonly #database: DatabaseSync
  readonly #commits: GroupCommit
  readonly #transaction: StoreTransaction

  constructor(path: string, database: DatabaseSync) {
    this.path = path
    this.#database = database
    this.books = openBooks(database)
    this.#transaction = new BookTransaction(this.books)
    this.#commits = new GroupCommit(path, database, () => this.books.audit.forget())
  }

  /** How many commits (and fsyncs) so far. */
  get commits(): number {
    return this.#commits.commits
  }

  transact<Result>(work: (transaction: StoreTransaction) => Result) {
    return this.#commits.run(() => work(this.#transaction))
  }

  /** For commands: write, and resolve when it is durable. */
  async write<Result>(work: (books: Books) => Result): Promise<Result> {
    const { value, durable } = this.#commits.run(() => work(this.books))
    await durable
    return value
  }

  /** Read, with SQLite's failures translated. */
  read<Result>(work: (books: Books) => Result): Result {
    return guard(this.path, () => work(this.books))
  }

  /** Commits what is open. Idempotent. */
  close(): void {
    if (!this.#database.isOpen) return
    this.#commits.flush()
    this.#database.close()
  }
}

/**
 * @param path the store's file; made, mode 0600, if there is none
 * @throws StoreDamagedError, StoreNewerError, StoreError
 */
export function openStore(path: string): Store {
  const database = openDatabase(path)
  chmodSync(path, 0o600)
  return new Store(path, database)
}

/** A store that lives and dies with the process, for embedding without files. */
export function openMemoryStore(): Store {
  return new Store(':memory:', openDatabase(':memory:'))
}

import type { DatabaseSync, SQLInputValue, StatementSync } from 'node:sqlite'

/** Rows that one statement adds, most first: measured, more than 32 gain nothing more. */
const AT_ONCE = [32, 8, 1] as const

/**
 * Rows that are only ever added to a table, gathered while a transaction is open and written many with one statement:
 * before the commit, or before anybody reads the table.
 */
export class PendingRows {
  readonly #database: DatabaseSync
  readonly #table: string
  readonly #columns: readonly string[]
  readonly #statements = new Map<number, StatementSync>()
  readonly #rows: SQLInputValue[][] = []
  /** How many there were when the present piece of work began. */
  #before = 0

  constructor(database: DatabaseSync, table: string, columns: readonly string[]) {
    this.#database = database
    this.#table = table
    this.#columns = columns
    // A table that does not fit is found when the store is opened.
    this.#adding(1)
  }

  get rows(): readonly (readonly SQLInputValue[])[] {
    return this.#rows
  }

  add(row: SQLInputValue[]): void {
    this.#rows.push(row)
  }

  /**
   * Writes them. While a piece of work is under way only those that are its own may be left: what it writes is
   * undone with it.
   */
  write(): void {
    let from = 0
    for (const size of AT_ONCE) {
      for (; from + size <= this.#rows.length; from += size) {
        this.#adding(size).run(...this.#rows.slice(from, from + size).flat())
      }
    }
    this.clear()
  }

  /** A piece of work begins. */
  mark(): void {
    this.#before = this.#rows.length
  }

  /** Drops the rows of the present piece of work. */
  takeBack(): void {
    this.#rows.length = Math.min(this.#rows.length, this.#before)
  }

  clear(): void {
    this.#rows.length = 0
    this.#before = 0
  }

  #adding(size: number): StatementSync {
    const known = this.#statements.get(size)
    if (known !== undefined) return known
    const row = `(${this.#columns.map(() => '?').join(', ')})`
    const rows = Array.from({ length: size }, () => row).join(', ')
    const sql = `INSERT INTO ${this.#table} (${this.#columns.join(', ')}) VALUES ${rows}`
    const statement = this.#database.prepare(sql)
    this.#statements.set(size, statement)
    return statement
  }
}

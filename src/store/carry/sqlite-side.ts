import type { DatabaseSync, SQLInputValue } from 'node:sqlite'
import { type ChainHead, EMPTY_CHAIN } from '../../audit/record/chain.ts'
import { STORE_FACTS } from '../records/meta-records.ts'
import { blob, integer, optionalText, type Row, text } from '../row/row.ts'
import type { CarriedTable } from './carried-tables.ts'
import { rowBatches } from './row-batches.ts'

/** The name of each trigger that refuses writes begins so. */
const REFUSING = 'carried_'

/** The side of a carry-over that is a file. Its methods throw what SQLite throws. */
export class SqliteSide {
  readonly #database: DatabaseSync

  constructor(database: DatabaseSync) {
    this.#database = database
  }

  /** The place that it was, or is being, carried over to. */
  get carriedTo(): string | undefined {
    const sql = `SELECT value FROM meta WHERE name = '${STORE_FACTS.carriedTo}'`
    const row = this.#database.prepare(sql).get()
    return row && text(row, 'value')
  }

  /** The end of the audit. */
  get head(): ChainHead {
    const row = this.#database
      .prepare('SELECT seq, hash FROM audit ORDER BY seq DESC LIMIT 1')
      .get()
    return row === undefined ? EMPTY_CHAIN : { seq: integer(row, 'seq'), hash: blob(row, 'hash') }
  }

  /** The last fence that was given out. */
  get fence(): number {
    const row = this.#database.prepare(`SELECT value FROM counters WHERE name = 'fence'`).get()
    return row === undefined ? 0 : integer(row, 'value')
  }

  set fence(value: number) {
    this.#database.prepare(`UPDATE counters SET value = ? WHERE name = 'fence'`).run(value)
  }

  /** Refuses all writes from now on, of other processes as well. Durable. @param place it is carried over to */
  freeze(place: string): void {
    const said = `carried over to ${place}`.replaceAll("'", "''")
    const refuse = this.#tables().flatMap((table) =>
      ['INSERT', 'UPDATE', 'DELETE'].map(
        (write) => `CREATE TRIGGER IF NOT EXISTS ${REFUSING}${table}_${write.toLowerCase()}
          BEFORE ${write} ON ${table} BEGIN SELECT RAISE(ABORT, '${said}'); END`,
      ),
    )
    this.within('IMMEDIATE', () => {
      const sql = 'INSERT INTO meta (name, value) VALUES (?, ?)'
      this.#database.prepare(sql).run(STORE_FACTS.carriedTo, place)
      this.#database.exec(refuse.join(';'))
    })
  }

  /** Takes writes again. Durable. */
  thaw(): void {
    this.within('IMMEDIATE', () => {
      const sql = `SELECT name FROM sqlite_schema WHERE type = 'trigger' AND name LIKE '${REFUSING}%'`
      const names = this.#database
        .prepare(sql)
        .all()
        .map((row) => text(row, 'name'))
      this.#database.exec(names.map((name) => `DROP TRIGGER ${name}`).join(';'))
      this.#database.prepare('DELETE FROM meta WHERE name = ?').run(STORE_FACTS.carriedTo)
    })
  }

  /** Does this in one transaction. */
  within<Result>(kind: 'DEFERRED' | 'IMMEDIATE', work: () => Result): Result {
    this.#database.exec(`BEGIN ${kind}`)
    try {
      const result = work()
      this.#database.exec('COMMIT')
      return result
    } catch (error) {
      if (this.#database.isTransaction) this.#database.exec('ROLLBACK')
      throw error
    }
  }

  /** Reads a table, but for the note of the carry-over. */
  rows(table: CarriedTable, columns: readonly string[]): Iterable<readonly Row[]> {
    const where = table === 'meta' ? ` WHERE name <> '${STORE_FACTS.carriedTo}'` : ''
    const sql = `SELECT ${columns.map(quoted).join(', ')} FROM ${table}${where}`
    return rowBatches(this.#database.prepare(sql).iterate() as Iterable<Row>)
  }

  add(table: CarriedTable, columns: readonly string[], rows: readonly Row[]): void {
    const places = columns.map(() => '?').join(', ')
    const sql = `INSERT INTO ${table} (${columns.map(quoted).join(', ')}) VALUES (${places})`
    const statement = this.#database.prepare(sql)
    for (const row of rows) {
      statement.run(...columns.map((column) => (row[column] ?? null) as SQLInputValue))
    }
  }

  /** The party that it belongs to, and its id. */
  get facts() {
    const get = this.#database.prepare('SELECT max(value) AS value FROM meta WHERE name = ?')
    const [id, owner] = [STORE_FACTS.id, STORE_FACTS.owner].map((name) => {
      return optionalText(get.get(name) ?? {}, 'value')
    })
    return { id, owner }
  }

  #tables(): readonly string[] {
    const sql = `SELECT name FROM sqlite_schema WHERE type = 'table' AND name NOT LIKE 'sqlite%'`
    return this.#database
      .prepare(sql)
      .all()
      .map((row) => text(row, 'name'))
  }
}

/** `user` is a word of PostgreSQL's. */
export function quoted(column: string): string {
  return `"${column}"`
}

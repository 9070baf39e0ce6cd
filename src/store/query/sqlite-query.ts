import type { DatabaseSync, StatementSync } from 'node:sqlite'
import type { AuditDraft } from '../../audit/record/record.ts'
import type { Query, QueryStep, Statement, StepResult } from './query.ts'

/** Prepared statements that are kept for the next time. Each is some kilobytes; there are fewer texts than this. */
const MAX_PREPARED = 500

/** Rows that are gathered before they are written, by the table that they are for. */
type Gathered = Readonly<Record<string, { write(): void }>>

interface Prepared {
  readonly statement: StatementSync
  /** Rows of the tables that it names. */
  readonly gathered: Gathered[string][]
}

/** Runs queries on SQLite, each at once. */
export class SqliteQueries {
  readonly #database: DatabaseSync
  readonly #audit: { append(draft: AuditDraft): void }
  readonly #gathered: Gathered
  readonly #begin: StatementSync
  readonly #end: StatementSync
  readonly #prepared = new Map<string, Prepared>()
  /** First statements of queries that have others after them. */
  readonly #first = new Set<string>()

  constructor(
    database: DatabaseSync,
    audit: { append(draft: AuditDraft): void },
    gathered: Gathered,
  ) {
    this.#database = database
    this.#audit = audit
    this.#gathered = gathered
    this.#begin = database.prepare('BEGIN')
    // Of what was only read nothing is committed.
    this.#end = database.prepare('END')
  }

  /**
   * Runs a query that changes nothing, on a snapshot that other processes' writes do not change. One statement is a
   * snapshot by itself: to begin and end a transaction round it takes longer than most of them.
   * @throws what SQLite throws
   */
  read<Result>(question: () => Query<Result>): Result {
    const query = reading(question())
    if (this.#database.isTransaction) return this.run(query)
    const first = query.next()
    if (first.done === true) return first.value
    if (!this.#first.has(first.value.sql)) {
      const second = query.next(this.#execute(first.value))
      if (second.done === true) return second.value
      this.#first.add(first.value.sql)
    }
    return this.#readWhole(question)
  }

  #readWhole<Result>(question: () => Query<Result>): Result {
    this.#begin.run()
    try {
      return this.run(reading(question()))
    } finally {
      // Some failures end the transaction by themselves.
      if (this.#database.isTransaction) this.#end.run()
    }
  }

  /** Runs a query inside whatever transaction is open. @throws what SQLite throws */
  run<Result>(query: Query<Result>): Result {
    let step = query.next()
    while (step.done !== true) step = query.next(this.#perform(step.value))
    return step.value
  }

  #perform(step: QueryStep): StepResult {
    if (step.kind === 'append') {
      this.#audit.append(step.draft)
      return { rows: [], changes: 1 }
    }
    return this.#execute(step)
  }

  #execute({ kind, sql, values }: Statement): StepResult {
    const { statement, gathered } = this.#preparedFor(sql)
    for (const rows of gathered) rows.write()
    if (kind === 'select') return { rows: statement.all(...values), changes: 0 }
    return { rows: [], changes: Number(statement.run(...values).changes) }
  }

  #preparedFor(sql: string): Prepared {
    const known = this.#prepared.get(sql)
    if (known !== undefined) return known
    if (this.#prepared.size >= MAX_PREPARED) {
      this.#prepared.clear()
      this.#first.clear()
    }
    const named = Object.entries(this.#gathered).filter(([table]) => isNamed(table, sql))
    const gathered = named.map(([, rows]) => rows)
    const prepared = { statement: this.#database.prepare(sql), gathered }
    this.#prepared.set(sql, prepared)
    return prepared
  }
}

function isNamed(table: string, sql: string): boolean {
  return new RegExp(`\\b${table}\\b`).test(sql)
}

/** A change that is made beside the commits would never be synced. */
function* reading<Result>(query: Query<Result>): Generator<Statement, Result, StepResult> {
  let step = query.next()
  while (step.done !== true) {
    if (step.value.kind !== 'select') throw new TypeError('a question changes nothing')
    step = query.next(yield step.value)
  }
  return step.value
}

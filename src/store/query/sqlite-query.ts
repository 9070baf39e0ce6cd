import type { DatabaseSync, StatementSync } from 'node:sqlite'
import type { AuditDraft } from '../../audit/record/record.ts'
import type { Query, QueryStep, Statement, StepResult } from './query.ts'

/** Prepared statements that are kept for the next time. Each is some kilobytes; there are fewer texts than this. */
const MAX_PREPARED = 500

/** The audit, as the steps of a query need it. */
interface AppendedAudit {
  append(draft: AuditDraft): void
  /** Writes what was appended, so that it is found. */
  write(): void
}

/** Runs queries on SQLite, each at once. */
export class SqliteQueries {
  readonly #database: DatabaseSync
  readonly #audit: AppendedAudit
  readonly #prepared = new Map<string, StatementSync>()

  constructor(database: DatabaseSync, audit: AppendedAudit) {
    this.#database = database
    this.#audit = audit
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
    if (step.kind === 'select') this.#audit.write()
    return this.#execute(step)
  }

  #execute({ kind, sql, values }: Statement): StepResult {
    const statement = this.#statement(sql)
    if (kind === 'select') return { rows: statement.all(...values), changes: 0 }
    return { rows: [], changes: Number(statement.run(...values).changes) }
  }

  #statement(sql: string): StatementSync {
    const known = this.#prepared.get(sql)
    if (known !== undefined) return known
    if (this.#prepared.size >= MAX_PREPARED) this.#prepared.clear()
    const statement = this.#database.prepare(sql)
    this.#prepared.set(sql, statement)
    return statement
  }
}

import type { AuditDraft } from '../../audit/record/record.ts'
import type { Row } from '../row/row.ts'

// Questions and changes off the way of sessions, written once for all engines that speak SQL. Each is a generator that yields
// its steps and gets their results: it does no I/O itself, so an engine with a synchronous driver runs it at once and
// another waits for each step.

export type SqlValue = string | number | Uint8Array | null

/** One statement. Its text is understood by SQLite and PostgreSQL alike, with values numbered `?1`, `?2` … */
export interface Statement {
  readonly kind: 'select' | 'change'
  readonly sql: string
  readonly values: readonly SqlValue[]
}

/** One record for the audit, chained by the engine. */
export interface AuditAppend {
  readonly kind: 'append'
  readonly draft: AuditDraft
}

export type QueryStep = Statement | AuditAppend

export interface StepResult {
  /** Those that were selected, or returned by a change. */
  readonly rows: readonly Row[]
  /** Number of rows that a change has changed. */
  readonly changes: number
}

/** Reads and changes rows, step by step. It may be run anew from its start, so it has no effects but its steps. */
export type Query<Result> = Generator<QueryStep, Result, StepResult>

/** Returns all rows of a `SELECT`. */
export function* selectAll(sql: string, ...values: readonly SqlValue[]): Query<readonly Row[]> {
  const { rows } = yield { kind: 'select', sql, values }
  return rows
}

/** Returns the first row of a `SELECT`; undefined if there is none. */
export function* selectOne(sql: string, ...values: readonly SqlValue[]): Query<Row | undefined> {
  const { rows } = yield { kind: 'select', sql, values }
  return rows[0]
}

/** Runs an `INSERT`, `UPDATE` or `DELETE`. @returns the number of rows that it has changed */
export function* change(sql: string, ...values: readonly SqlValue[]): Query<number> {
  const { changes } = yield { kind: 'change', sql, values }
  return changes
}

/** Appends a record to the audit. */
export function* appendAudit(draft: AuditDraft): Query<void> {
  yield { kind: 'append', draft }
}

import type { Row } from '../row/row.ts'
import { type Query, type SqlValue, selectAll } from './query.ts'

/** Rows in one list: far fewer values than an engine binds to one statement (SQLite 32,766, PostgreSQL 65,535). */
const MAX_LISTED = 512

/** A list of values, as it stands in a statement. */
export interface ValueList {
  /** Of single values `?2, ?3`, else `(?2, ?3), (?4, ?5)`. */
  readonly sql: string
  readonly values: readonly SqlValue[]
}

/**
 * Cuts rows into lists of some hundred.
 * @param rows each with as many values
 * @param before how many values of the statement are numbered before those of the list
 */
export function* valueLists(
  rows: readonly (readonly SqlValue[])[],
  before: number,
): Generator<ValueList> {
  for (let from = 0; from < rows.length; from += MAX_LISTED) {
    const some = padded(rows.slice(from, from + MAX_LISTED))
    let last = before
    const listed = some.map((row) => {
      const numbered = row.map(() => `?${++last}`).join(', ')
      return row.length === 1 ? numbered : `(${numbered})`
    })
    yield { sql: listed.join(', '), values: some.flat() }
  }
}

/** Repeats the last row up to a power of two: a statement is prepared for each length. */
function padded<Value>(rows: readonly Value[]): readonly Value[] {
  const length = 2 ** Math.ceil(Math.log2(rows.length))
  const last = rows.slice(-1)
  return [...rows, ...Array.from({ length: length - rows.length }, () => last).flat()]
}

/**
 * Returns the rows that a `SELECT` finds of many values, in no order.
 * @param sqlOf makes the statement of a list in brackets, to stand after `IN`
 * @param before the values `?1`, `?2` … that come before those of the list
 */
export function* selectAmong(
  sqlOf: (list: string) => string,
  among: readonly SqlValue[],
  ...before: readonly SqlValue[]
): Query<readonly Row[]> {
  const rows: Row[] = []
  const listed = among.map((value) => [value])
  for (const { sql, values } of valueLists(listed, before.length)) {
    rows.push(...(yield* selectAll(sqlOf(`(${sql})`), ...before, ...values)))
  }
  return rows
}

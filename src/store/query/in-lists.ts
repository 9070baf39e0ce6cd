import type { Row } from '../row/row.ts'
import { type Query, type SqlValue, selectAll } from './query.ts'

/** Values in one list: enough that a page takes few statements, and few enough for every engine. */
const LISTED = 100

const LIST = `(${Array.from({ length: LISTED }, (_, at) => `?${at + 1}`).join()})`

/**
 * Selects what belongs to any of these values, in as many statements as they need; all of one text, however many values
 * there are.
 * @param sql makes the statement, given a list like `(?1, ?2, …)`
 */
export function* inLists(
  sql: (list: string) => string,
  values: readonly SqlValue[],
): Query<readonly Row[]> {
  const text = sql(LIST)
  const found: Row[] = []
  for (let from = 0; from < values.length; from += LISTED) {
    const some = values.slice(from, from + LISTED)
    // A value that is listed twice selects nothing twice.
    const full = [...some, ...Array<SqlValue>(LISTED - some.length).fill(some[0] ?? null)]
    found.push(...(yield* selectAll(text, ...full)))
  }
  return found
}

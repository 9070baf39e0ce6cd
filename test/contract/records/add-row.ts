import { change, type Query, type SqlValue } from '../../../src/store/query/query.ts'

/** Adds a row as some earlier process left it. */
export function* addRow(table: string, row: Readonly<Record<string, SqlValue>>): Query<void> {
  const places = Object.keys(row).map((_, index) => `?${index + 1}`)
  const sql = `INSERT INTO ${table} (${Object.keys(row).join(', ')}) VALUES (${places.join(', ')})`
  yield* change(sql, ...Object.values(row))
}

import type { DatabaseSync } from 'node:sqlite'
import { text } from '../row/row.ts'

/** `row 17 missing from index audit_session` */
const MISSING_ENTRY = /^row (\d+) missing from index/

/**
 * Returns the first record that is missing from SQLite's own indices; for a surplus entry the last record; undefined if all
 * is well. Reads the table and its indices once.
 */
export function unindexedRecord(database: DatabaseSync): number | undefined {
  const lines = database
    .prepare('PRAGMA integrity_check(audit)')
    .all()
    .map((row) => text(row, 'integrity_check'))
  if (lines.length === 1 && lines[0] === 'ok') return undefined
  const rows = lines.flatMap((line) => MISSING_ENTRY.exec(line)?.[1] ?? []).map(Number)
  if (rows.length > 0) return Math.min(...rows)
  const last: unknown = database.prepare('SELECT max(seq) AS seq FROM audit').get()?.['seq']
  return typeof last === 'number' ? last : 1
}

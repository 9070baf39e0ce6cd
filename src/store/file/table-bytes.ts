import type { DatabaseSync } from 'node:sqlite'
import { integer, text } from '../row/row.ts'

const BYTES = `
  SELECT s.tbl_name AS name, sum(d.pgsize) AS bytes
  FROM dbstat d JOIN sqlite_schema s ON s.name = d.name
  WHERE d.aggregate = TRUE GROUP BY s.tbl_name`

/** Returns the bytes of each table in the file, with its indices. Reads much of it. @throws what SQLite throws */
export function tableBytes(database: DatabaseSync): ReadonlyMap<string, number> {
  const rows = database.prepare(BYTES).all()
  return new Map(rows.map((row) => [text(row, 'name'), integer(row, 'bytes')]))
}

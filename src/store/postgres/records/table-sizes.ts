import { type Query, selectAll } from '../../query/query.ts'
import { integer, text } from '../../row/row.ts'

/** The records of all nodes; the audit that a node reads is a view of its own. */
const SIZES = `
  SELECT CASE c.relname WHEN 'audit_records' THEN 'audit' ELSE c.relname END AS name,
    pg_total_relation_size(c.oid) AS bytes
  FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
  WHERE n.nspname = current_schema() AND c.relkind = 'r'`

/** Asks for the bytes of each table, with its indices. */
export function* tableSizes(): Query<ReadonlyMap<string, number>> {
  const rows = yield* selectAll(SIZES)
  return new Map(rows.map((row) => [text(row, 'name'), integer(row, 'bytes')]))
}

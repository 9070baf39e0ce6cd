import type { DatabaseSync, SQLOutputValue } from 'node:sqlite'

type Value = SQLOutputValue

/** A row of either engine. */
export type MirroredRow = Readonly<Record<string, Value>>

/** A table that both engines have. */
export interface MirroredTable {
  readonly name: string
  /** Those of SQLite. */
  readonly columns: readonly string[]
  /** Columns that tell a row from the others. */
  readonly key: readonly string[]
}

/** The tables of a database of SQLite of which `has` knows, too. */
export function mirroredTables(
  database: DatabaseSync,
  has: (name: string) => boolean,
): readonly MirroredTable[] {
  const names = database.prepare("SELECT name FROM main.sqlite_schema WHERE type = 'table'").all()
  return names.flatMap((row) => {
    const name = String(row['name'])
    if (name.startsWith('sqlite_') || !has(name)) return []
    const info = database.prepare(`PRAGMA main.table_info(${name})`).all()
    const columns = info.map((each) => String(each['name']))
    const own = info.filter(({ pk }) => Number(pk) > 0).map((each) => String(each['name']))
    return [{ name, columns, key: own.length > 0 ? own : columns }]
  })
}

type RowChange =
  | { readonly kind: 'insert'; readonly table: MirroredTable; readonly row: MirroredRow }
  | { readonly kind: 'update'; readonly table: MirroredTable; readonly row: MirroredRow }
  | { readonly kind: 'delete'; readonly table: MirroredTable; readonly row: MirroredRow }

/**
 * Brings tables of SQLite to what another engine has committed, by as few changes as there are, so that triggers see what has changed. Of
 * a batch only the end is seen: changes are made in an order in which each could have come.
 */
export function mirror(
  database: DatabaseSync,
  tables: readonly MirroredTable[],
  rowsOf: (table: MirroredTable) => readonly MirroredRow[],
): void {
  const changes = tables.flatMap((table) => [...changesOf(database, table, rowsOf(table))])
  database.exec('BEGIN; PRAGMA defer_foreign_keys = ON')
  for (const change of changes.toSorted((a, b) => orderOf(a) - orderOf(b))) apply(database, change)
  database.exec('COMMIT')
}

/** What is released frees its place first; who reserves finds the request as it was, and who goes on finds the answer. */
function orderOf({ kind, table: { name }, row }: RowChange): number {
  if (kind === 'delete') return 4
  if (name !== 'redemptions') return 2
  if (kind === 'insert') return 1
  return row['released_at'] === null ? 3 : 0
}

function* changesOf(
  database: DatabaseSync,
  table: MirroredTable,
  rows: readonly MirroredRow[],
): Generator<RowChange> {
  const there = new Map(
    database
      .prepare(`SELECT * FROM main.${table.name}`)
      .all()
      .map((row) => [keyOf(table, row), row]),
  )
  for (const row of rows) {
    const key = keyOf(table, row)
    const old = there.get(key)
    there.delete(key)
    if (old === undefined) yield { kind: 'insert', table, row }
    else if (textOf(table.columns, old) !== textOf(table.columns, row))
      yield { kind: 'update', table, row }
  }
  for (const row of there.values()) yield { kind: 'delete', table, row }
}

function apply(database: DatabaseSync, { kind, table, row }: RowChange): void {
  const { name, columns, key } = table
  const values = (of: readonly string[]): Value[] => of.map((column) => row[column] ?? null)
  const where = key.map((column) => `${column} IS ?`).join(' AND ')
  if (kind === 'delete') {
    database.prepare(`DELETE FROM main.${name} WHERE ${where}`).run(...values(key))
    return
  }
  if (kind === 'insert') {
    const places = columns.map(() => '?').join(', ')
    const sql = `INSERT INTO main.${name} (${columns.join(', ')}) VALUES (${places})`
    database.prepare(sql).run(...values(columns))
    return
  }
  const set = columns.map((column) => `${column} = ?`).join(', ')
  const sql = `UPDATE main.${name} SET ${set} WHERE ${where}`
  database.prepare(sql).run(...values(columns), ...values(key))
}

function keyOf({ key }: MirroredTable, row: MirroredRow): string {
  return textOf(key, row)
}

function textOf(columns: readonly string[], row: MirroredRow): string {
  return JSON.stringify(
    columns.map((column) => {
      const value = row[column]
      return value instanceof Uint8Array ? { bytes: Buffer.from(value).toString('hex') } : value
    }),
  )
}

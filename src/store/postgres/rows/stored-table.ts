import type { RowChange } from '../../memory/table.ts'
import type { Row } from '../../row/row.ts'

type ColumnType = 'text' | 'bigint' | 'double precision' | 'bytea'

type ColumnValue = string | number | Uint8Array | null | undefined

/** One column, and what it holds of a row here. */
export interface StoredColumn<Kept> {
  readonly name: string
  readonly type: ColumnType
  /** Undefined is NULL. */
  readonly value: (row: Kept) => ColumnValue
}

/** How a table's rows here are kept there. The database numbers new rows where a column is for that. */
export interface StoredTable<Kept> {
  readonly name: string
  readonly keys: readonly StoredColumn<Kept>[]
  /** Those that are written when it is new, and never again. */
  readonly first?: readonly StoredColumn<Kept>[]
  readonly later: readonly StoredColumn<Kept>[]
  /** A new row may be there, unread: it stays as it is. */
  readonly mayBeThere?: true
  /** More assignments for an update of `t` from `v`. */
  readonly also?: string
  readonly toRow: (row: Row) => Kept
}

export function textColumn<Kept>(
  name: string,
  value: (row: Kept) => string | null | undefined,
): StoredColumn<Kept> {
  return { name, type: 'text', value }
}

export function numberColumn<Kept>(
  name: string,
  value: (row: Kept) => number | null | undefined,
): StoredColumn<Kept> {
  return { name, type: 'bigint', value }
}

export function bytesColumn<Kept>(
  name: string,
  value: (row: Kept) => Uint8Array | null | undefined,
): StoredColumn<Kept> {
  return { name, type: 'bytea', value }
}

/** A statement about many rows, which come as one JSON list: it is prepared once, however many there are. */
export interface SetStatement {
  readonly sql: string
  /** The list, as JSON. */
  readonly rows: string
}

/** Returns the statements that write what has changed: deletions first, and insertions last. */
export function changesOf<Kept>(
  table: StoredTable<Kept>,
  changes: readonly RowChange<Kept>[],
): readonly SetStatement[] {
  const deleted = changes.flatMap(({ before, after }) =>
    after === undefined && before ? [before] : [],
  )
  const updated = changes.flatMap(({ before, after }) =>
    before !== undefined && after ? [after] : [],
  )
  const added = changes.flatMap(({ before, after }) =>
    before === undefined && after ? [after] : [],
  )
  const { deletion, insertion, update } = textsOf(table)
  return [
    ...about(deleted, table.keys, deletion),
    ...about(updated, [...table.keys, ...table.later], update),
    ...about(added, all(table), insertion),
  ]
}

interface Texts {
  readonly deletion: string
  readonly insertion: string
  readonly update: string
}

/** The same for each batch, and long. */
const texts = new WeakMap<object, Texts>()

function textsOf<Kept>(table: StoredTable<Kept>): Texts {
  const known = texts.get(table)
  if (known !== undefined) return known
  const made = {
    deletion: deletionFrom(table),
    insertion: insertionInto(table),
    update: updateOf(table),
  }
  texts.set(table, made)
  return made
}

function about<Kept>(
  rows: readonly Kept[],
  columns: readonly StoredColumn<Kept>[],
  sql: string,
): readonly SetStatement[] {
  return rows.length === 0 ? [] : [{ sql, rows: toJson(columns, rows) }]
}

export function toJson<Kept>(
  columns: readonly StoredColumn<Kept>[],
  rows: readonly Kept[],
): string {
  const listed = rows.map((row) => {
    const values: Record<string, string | number | null> = {}
    for (const { name, value } of columns) values[name] = inJson(value(row))
    return values
  })
  return JSON.stringify(listed)
}

/** Bytes go as PostgreSQL writes them as text. */
function inJson(value: ColumnValue): string | number | null {
  if (value instanceof Uint8Array) return `\\x${Buffer.from(value).toString('hex')}`
  return value ?? null
}

/** The list that a statement gets, as a table `v`. */
export function listed<Kept>(columns: readonly StoredColumn<Kept>[]): string {
  return `json_to_recordset($1::json) AS v (${columns.map(({ name, type }) => `${name} ${type}`).join(', ')})`
}

function all<Kept>({ keys, first = [], later }: StoredTable<Kept>): readonly StoredColumn<Kept>[] {
  return [...keys, ...first, ...later]
}

/** The names of all columns that are read and written. */
function namesOf<Kept>(table: StoredTable<Kept>, prefix = ''): string {
  return all(table)
    .map(({ name }) => `${prefix}${name}`)
    .join(', ')
}

function insertionInto<Kept>(table: StoredTable<Kept>): string {
  return `INSERT INTO ${table.name} (${namesOf(table)}) SELECT ${namesOf(table, 'v.')} FROM ${listed(all(table))}${table.mayBeThere ? ' ON CONFLICT DO NOTHING' : ''}`
}

function updateOf<Kept>({ name, keys, later, also }: StoredTable<Kept>): string {
  const set = later.map((each) => `${each.name} = v.${each.name}`)
  return `UPDATE ${name} AS t SET ${[...set, ...(also === undefined ? [] : [also])].join(', ')}
    FROM ${listed([...keys, ...later])} WHERE ${isSame(keys)}`
}

function deletionFrom<Kept>({ name, keys }: StoredTable<Kept>): string {
  return `DELETE FROM ${name} AS t USING ${listed(keys)} WHERE ${isSame(keys)}`
}

function isSame<Kept>(keys: readonly StoredColumn<Kept>[]): string {
  return keys.map(({ name }) => `t.${name} = v.${name}`).join(' AND ')
}

import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { openMemoryDatabase } from '../../../../src/store/file/database.ts'
import { MIGRATIONS } from '../../../../src/store/file/migrations.ts'
import { NEWEST_VERSION } from '../../../../src/store/postgres/schema/schema-versions.ts'
import { sharedPostgres } from '../../../support/postgres/embedded-postgres.ts'
import { canRunPostgres } from '../../../support/postgres/postgres-binaries.ts'
import { type StoreSchema, storeSchema } from '../../../support/postgres/store-database.ts'

/** Tables of one engine only. In PostgreSQL fences are a sequence, and each node's audit is a part of a table of all. */
const OF_ONE_ENGINE = {
  sqlite: ['counters'],
  postgres: [
    'audit_closed_segments',
    'audit_records',
    'audit_signed_checkpoints',
    'audit_tree_nodes',
    'charges',
    'commit_marks',
    'nodes',
    'schema_versions',
  ],
}

const WORDS: Readonly<Record<string, string>> = {
  TEXT: 'text',
  INTEGER: 'bigint',
  REAL: 'double precision',
  BLOB: 'bytea',
}

interface Column {
  readonly table: string
  readonly name: string
  readonly type: string
}

/** Columns of one engine only: in SQLite there is one node. */
const OF_NODES = `(table_name = 'sessions' AND column_name IN ('node', 'epoch'))`

/** Describes the columns of each table, sorted. */
function described(columns: readonly Column[]): Record<string, string[]> {
  const tables = Object.groupBy(columns, ({ table }) => table)
  return Object.fromEntries(
    Object.entries(tables).map(([table, all = []]) => [
      table,
      all.map(({ name, type }) => `${name} ${type}`).sort(),
    ]),
  )
}

function without(
  tables: Record<string, string[]>,
  names: readonly string[],
): Record<string, string[]> {
  return Object.fromEntries(Object.entries(tables).filter(([table]) => !names.includes(table)))
}

describe.skipIf(!canRunPostgres())('the schemas of both engines', () => {
  let schema: StoreSchema
  beforeAll(async () => {
    schema = storeSchema(await sharedPostgres())
    await schema.open()
  })
  afterAll(() => schema.dispose())

  it('have the same version', () => {
    expect(NEWEST_VERSION).toBe(MIGRATIONS.length)
  })

  it('have the same tables, with the same columns', async () => {
    const database = openMemoryDatabase()
    const sqlite = database
      .prepare(
        `SELECT m.name AS "table", c.name, c.type FROM sqlite_schema m, pragma_table_info(m.name) c
         WHERE m.type = 'table' AND m.name NOT LIKE 'sqlite%'`,
      )
      .all()
      .map((row) => ({
        table: String(row['table']),
        name: String(row['name']),
        type: WORDS[String(row['type'])] ?? '',
      }))
    database.close()
    const postgres = await schema.query<Column>(
      `SELECT table_name AS "table", column_name AS name, data_type AS type
       FROM information_schema.columns
       WHERE table_schema = current_schema AND column_name <> 'rowid' AND NOT ${OF_NODES}`,
    )
    expect(without(described(postgres), OF_ONE_ENGINE.postgres)).toEqual(
      without(described(sqlite), OF_ONE_ENGINE.sqlite),
    )
  })

  it('compare all text by its bytes', async () => {
    const others = await schema.query(
      `SELECT table_name, column_name FROM information_schema.columns
       WHERE table_schema = current_schema AND data_type = 'text' AND collation_name IS DISTINCT FROM 'C'`,
    )
    expect(others).toEqual([])
  })

  it('require the same columns, and begin with the same values', async () => {
    const database = openMemoryDatabase()
    const sqlite = database
      .prepare(
        `SELECT m.name || '.' || c.name AS column, c."notnull" OR c.pk AS is_needed, c.dflt_value AS value
         FROM sqlite_schema m, pragma_table_info(m.name) c
         WHERE m.type = 'table' AND m.name NOT LIKE 'sqlite%' AND m.name NOT LIKE 'audit%'
           AND m.name <> 'counters' ORDER BY m.name, c.name`,
      )
      .all()
      .map((row) => `${row['column']} ${row['is_needed']} ${row['value']}`)
    database.close()
    const postgres = await schema.query<{ name: string; needed: boolean; value: string | null }>(
      `SELECT table_name || '.' || column_name AS name, is_nullable = 'NO' AS needed,
         regexp_replace(column_default, '''(.*)''::.*', '\\1') AS value
       FROM information_schema.columns NATURAL JOIN information_schema.tables
       WHERE table_schema = current_schema AND table_type = 'BASE TABLE' AND table_name NOT LIKE 'audit%'
         AND table_name NOT IN ('charges', 'nodes', 'commit_marks', 'schema_versions') AND column_name <> 'rowid' AND NOT ${OF_NODES}
       ORDER BY table_name COLLATE "C", column_name COLLATE "C"`,
    )
    expect(postgres.map(({ name, needed, value }) => `${name} ${Number(needed)} ${value}`)).toEqual(
      sqlite,
    )
  })
})

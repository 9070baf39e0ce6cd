import { expect, it } from 'vitest'
import { CARRIED_TABLES } from '../../../src/store/carry/carried-tables.ts'
import { openMemoryDatabase } from '../../../src/store/file/database.ts'

it('all tables are carried over but the counters, of which PostgreSQL has a sequence', () => {
  const database = openMemoryDatabase()
  const sql = `SELECT name FROM sqlite_schema WHERE type = 'table' AND name NOT LIKE 'sqlite%'`
  const tables = database
    .prepare(sql)
    .all()
    .map(({ name }) => name)
  database.close()
  expect(new Set<unknown>([...CARRIED_TABLES, 'counters'])).toEqual(new Set(tables))
})

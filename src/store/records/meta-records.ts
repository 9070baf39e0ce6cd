import { change, type Query, selectOne } from '../query/query.ts'
import { text } from '../row/row.ts'

/** Single facts about this store, by name. */
export const metaRecords = {
  *get(name: string): Query<string | undefined> {
    const row = yield* selectOne('SELECT value FROM meta WHERE name = ?1', name)
    return row === undefined ? undefined : text(row, 'value')
  },

  *set(name: string, value: string): Query<void> {
    const sql = `
      INSERT INTO meta (name, value) VALUES (?1, ?2)
      ON CONFLICT (name) DO UPDATE SET value = excluded.value`
    yield* change(sql, name, value)
  },
}

import { change, type Query, selectOne } from '../query/query.ts'
import { text } from '../row/row.ts'

/** Names of the facts that tell which store it is. */
export const STORE_FACTS = {
  /** 32 digits, made at random. */
  id: 'store_id',
  /** Peer id of the party. */
  owner: 'peer_id',
  /** The place that it was carried over to: it takes no writes any more. */
  carriedTo: 'carried_to',
} as const

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

import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { BY_KEYS, FOR_CHANGE } from '../../../../src/store/postgres/batch/pipeline.ts'
import { LOADS } from '../../../../src/store/postgres/loads/loads.ts'
import { beginning } from '../../../../src/store/postgres/node/store-transaction.ts'
import type { StoreDatabase } from '../../../../src/store/postgres/open-store-database.ts'
import { sharedPostgres } from '../../../support/postgres/embedded-postgres.ts'
import { canRunPostgres } from '../../../support/postgres/postgres-binaries.ts'
import { type StoreSchema, storeSchema } from '../../../support/postgres/store-database.ts'

/** Loads that walk through a table, which is short: what is still to be removed. */
const WALKS = ['removalsOfSessions removals']

/** One key, of any value, for a list with these columns. */
function keysOf(list: string): string {
  const columns = list.split(', ').map((each) => each.split(' '))
  const key = columns.map(([name = '', type]) => [name, type === 'text' ? '[]' : 1])
  return JSON.stringify([Object.fromEntries(key)])
}

describe.skipIf(!canRunPostgres())('the statements that load', () => {
  let schema: StoreSchema
  let database: StoreDatabase
  beforeAll(async () => {
    schema = storeSchema(await sharedPostgres())
    database = await schema.open()
  })
  afterAll(() => schema.dispose())

  it('walk through no table that grows, also while the planner knows nothing of the tables', async () => {
    const { pool, place, own } = database
    const client = await pool.connected()
    const walks: string[] = []
    await client.query(`${beginning(place, own, 'write')}; ${BY_KEYS}`)
    for (const [name, { list, sql }] of Object.entries(LOADS)) {
      const text = sql(`json_to_recordset($1::json) AS v (${list})`, FOR_CHANGE)
      const { rows } = await client.query(`EXPLAIN ${text}`, [keysOf(list)])
      for (const row of rows) {
        const [, table] = /Seq Scan on (\w+)/.exec(row['QUERY PLAN']) ?? []
        if (table !== undefined) walks.push(`${name} ${table}`)
      }
    }
    await client.query('ROLLBACK')
    client.release()
    expect(walks).toEqual(WALKS)
  })

  it('find what a peer has on a token by the peer, however many uses the token has', async () => {
    const { pool, place, own } = database
    const client = await pool.connected()
    await client.query(`${beginning(place, own, 'write')}; ${BY_KEYS}`)
    const { list, sql } = LOADS.redemptionsOfPair
    const text = sql(`json_to_recordset($1::json) AS v (${list})`, FOR_CHANGE)
    const { rows } = await client.query(`EXPLAIN ${text}`, [keysOf(list)])
    await client.query('ROLLBACK')
    client.release()
    const plan = rows.map((row) => String(row['QUERY PLAN'])).join('\n')
    const indices = [...plan.matchAll(/Scan using (redemptions\w+)/g)].map(([, index]) => index)
    expect(indices.toSorted()).toEqual([
      'redemptions_id_key',
      'redemptions_peer',
      'redemptions_peer',
    ])
    expect(plan.match(/Index Cond: \(/g)?.length).toBeGreaterThanOrEqual(indices.length)
  })
})

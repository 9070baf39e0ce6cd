import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { StoreDatabase } from '../../../../src/store/postgres/open-store-database.ts'
import { PostgresStore } from '../../../../src/store/postgres/postgres-store.ts'
import { appendAudit } from '../../../../src/store/query/query.ts'
import { sharedPostgres } from '../../../support/postgres/embedded-postgres.ts'
import { canRunPostgres } from '../../../support/postgres/postgres-binaries.ts'
import { type StoreSchema, storeSchema } from '../../../support/postgres/store-database.ts'

describe.skipIf(!canRunPostgres())('the indices of the audit on a server', () => {
  let schema: StoreSchema
  let database: StoreDatabase
  beforeEach(async () => {
    schema = storeSchema(await sharedPostgres())
    database = await schema.open()
    const base = { type: 'state', severity: 'info', at: 1, monotonic: 1 } as const
    await database.records.transact(function* () {
      for (let n = 0; n < 40; n += 1) {
        const [sessionId, tokenId, peerId] = [`s-${n % 5}`, `t-${n % 5}`, `p-${n % 5}`]
        yield* appendAudit({ ...base, sessionId, tokenId, peerId, data: { n } })
      }
    })
  })
  afterEach(() => schema.dispose())

  /** Changes a row while an index is not looking: afterwards it has what it had, and the row does not. */
  async function behind(index: string, sql: string): Promise<void> {
    const look = (isReady: boolean) =>
      schema.query(
        `UPDATE pg_index SET indisready = ${isReady}, indisvalid = ${isReady}
         WHERE indexrelid = '${schema.schema}.${index}'::regclass`,
      )
    await look(false)
    await schema.query(sql)
    await look(true)
  }

  const hidden = () => new PostgresStore(database).unindexedRecord()

  it('lead to every record, also where there are other nodes', async () => {
    expect(await hidden()).toBeUndefined()
    const other = await schema.open('peer-2')
    await other.records.transact(() =>
      appendAudit({ type: 'state', severity: 'info', at: 1, monotonic: 1, data: {} }),
    )
    expect(await hidden()).toBeUndefined()
  })

  it.each([
    ['audit_session', `UPDATE audit_records SET session_id = 's-2' WHERE seq = 3`],
    ['audit_thread', 'UPDATE audit_records SET thread = 4 WHERE seq = 9'],
    ['audit_token', `UPDATE audit_records SET record = record || ' ' WHERE seq = 2`],
    ['audit_peer', `UPDATE audit_records SET record = record || ' ' WHERE seq = 2`],
    ['audit_records_pkey', `UPDATE audit_records SET record = record || ' ' WHERE seq = 7`],
  ])('that do not lead to one of them are found out: %s', async (index, sql) => {
    const seq = Number(/seq = (\d+)/.exec(sql)?.[1])
    const column = /SET (session_id|thread)/.exec(sql)?.[1]
    if (column !== undefined) {
      await schema.query(`UPDATE audit_records SET ${column} = NULL WHERE seq = ${seq}`)
    }
    await behind(index, sql)
    expect(await hidden()).toBe(seq)
  })
})

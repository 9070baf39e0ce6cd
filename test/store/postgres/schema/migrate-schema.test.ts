import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { NEWEST_VERSION } from '../../../../src/store/postgres/schema/schema-versions.ts'
import { sharedPostgres } from '../../../support/postgres/embedded-postgres.ts'
import { canRunPostgres } from '../../../support/postgres/postgres-binaries.ts'
import { type StoreSchema, storeSchema } from '../../../support/postgres/store-database.ts'

describe.skipIf(!canRunPostgres())('the schema of a store in PostgreSQL', () => {
  let schema: StoreSchema
  beforeEach(async () => {
    schema = storeSchema(await sharedPostgres())
  })
  afterEach(() => schema.dispose())

  it('is made once by those that open it at the same time', async () => {
    const names = Array.from({ length: 8 }, (_, n) => `peer-${n % 4}`)
    const opened = await Promise.all(names.map((name) => schema.open(name)))
    expect(await schema.query('SELECT version FROM schema_versions')).toEqual([
      { version: String(NEWEST_VERSION) },
    ])
    expect(new Set(opened.map(({ own }) => own.node)).size).toBe(4)
  })

  it('may be one that an administrator has made', async () => {
    await schema.query(`CREATE SCHEMA ${schema.schema}`)
    expect(await schema.open()).toBeDefined()
  })

  it('is left alone if it is somebody else’s', async () => {
    await schema.query(
      `CREATE SCHEMA ${schema.schema}; CREATE TABLE ${schema.schema}.theirs (id int)`,
    )
    await expect(schema.open()).rejects.toMatchObject({ code: 'store_damaged' })
    expect(await schema.query('SELECT * FROM theirs')).toEqual([])
  })

  it('of a newer version is refused', async () => {
    await schema.open()
    await schema.query(`INSERT INTO schema_versions VALUES (${NEWEST_VERSION + 1})`)
    await expect(schema.open()).rejects.toMatchObject({ code: 'store_newer' })
  })

  it('of an older version is left alone as long as a node works on it', async () => {
    await schema.open()
    await schema.query(
      `UPDATE schema_versions SET version = 21;
       UPDATE nodes SET lease_until = (extract(epoch FROM now()) * 1000)::bigint + 600000`,
    )
    await expect(schema.open()).rejects.toMatchObject({ code: 'store_in_use' })
    expect(await schema.query('SELECT version FROM schema_versions')).toEqual([{ version: '21' }])
  })
})

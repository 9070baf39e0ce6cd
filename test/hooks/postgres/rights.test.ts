import type pg from 'pg'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { tallyNames } from '../../../src/hooks/postgres/tally-names.ts'
import { type BuildingSide, buildingSide } from '../../support/postgres/building-side.ts'
import type { EmbeddedPostgres } from '../../support/postgres/embedded-postgres.ts'
import { sharedPostgres } from '../../support/postgres/embedded-postgres.ts'
import { canRunPostgres } from '../../support/postgres/postgres-binaries.ts'

const { schema, stock, foil } = tallyNames('tally-1')

describe.skipIf(!canRunPostgres())('a party in its tally’s database', () => {
  let server: EmbeddedPostgres
  let side: BuildingSide
  let party: pg.Client

  beforeEach(async () => {
    server = await sharedPostgres()
    side = await buildingSide(server)
    const { dbConnectionInfo } = await side.provision('tally-1')
    await side.provision('tally-2')
    party = await server.connect({ user: foil, password: dbConnectionInfo.secret ?? '' })
  })
  afterEach(async () => {
    await party.end()
    await side.dispose()
  })

  it('reads the draft, and adds entries in its own name', async () => {
    const { rows } = await party.query(`SELECT tally_id, stock, foil FROM ${schema}.draft`)
    expect(rows).toEqual([{ tally_id: 'tally-1', stock: '12D3KooWAlice', foil: '12D3KooWBob' }])
    for (const value of ['1', '2'])
      await party.query(`INSERT INTO entries (kind, key, value) VALUES ('set', 'limit', $1)`, [
        value,
      ])
    const entries = await party.query('SELECT author, seq, value FROM entries ORDER BY seq')
    expect(entries.rows).toEqual([
      { author: foil, seq: 1, value: '1' },
      { author: foil, seq: 2, value: '2' },
    ])
  })

  it.each([
    ['change the draft', `UPDATE ${schema}.draft SET draft = 'other'`],
    ['remove the draft', `DELETE FROM ${schema}.draft`],
    ['empty a table', `TRUNCATE ${schema}.entries`],
    ['change an entry', `UPDATE ${schema}.entries SET value = '0'`],
    ['remove an entry', `DELETE FROM ${schema}.entries`],
    [
      'write in another’s name',
      `INSERT INTO ${schema}.entries (author, kind, key, value) VALUES ('${stock}', 'set', 'k', '1')`,
    ],
    [
      'say when it wrote',
      `INSERT INTO ${schema}.entries (at, kind, key, value) VALUES ('2001-01-01', 'set', 'k', '1')`,
    ],
    [
      'number its entries',
      `INSERT INTO ${schema}.entries (seq, kind, key, value) VALUES (7, 'set', 'k', '1')`,
    ],
    ['make a table in its schema', `CREATE TABLE ${schema}.mine (x int)`],
    ['make a table in public', 'CREATE TABLE public.mine (x int)'],
    ['make a temporary table', 'CREATE TEMPORARY TABLE mine (x int)'],
    ['make a schema', 'CREATE SCHEMA mine'],
    ['make a role', 'CREATE ROLE mine'],
    ['become the other party', `SET ROLE ${stock}`],
    ['read another tally', `SELECT * FROM ${tallyNames('tally-2').schema}.draft`],
    ['call the trigger’s function', `SELECT ${schema}.entry()`],
    ['drop the trigger', `DROP TRIGGER entry ON ${schema}.entries`],
    ['read passwords', 'SELECT * FROM pg_authid'],
    ['read a file of the server', `SELECT pg_read_file('PG_VERSION')`],
    ['give its rights away', `ALTER TABLE ${schema}.entries OWNER TO ${foil}`],
  ])('can not %s', async (_what, sql) => {
    await party.query(`INSERT INTO ${schema}.entries (kind, key, value) VALUES ('set', 'k', '9')`)
    await expect(party.query(sql)).rejects.toMatchObject({
      code: expect.stringMatching(/^(42501|0A000|42883)$/),
    })
    const { rows } = await party.query(`SELECT author, seq, value FROM ${schema}.entries`)
    expect(rows).toEqual([{ author: foil, seq: 1, value: '9' }])
  })

  it.each([
    ['a kind that there is not', ['other', 'k', '1']],
    ['no key', ['set', '', '1']],
    ['a key that is too long', ['set', 'k'.repeat(257), '1']],
    ['a value that is too long', ['set', 'k', 'v'.repeat(8_193)]],
  ])('can not add %s', async (_what, values) => {
    const sql = `INSERT INTO ${schema}.entries (kind, key, value) VALUES ($1, $2, $3)`
    await expect(party.query(sql, values)).rejects.toMatchObject({ code: '23514' })
  })

  it('has no more entries than there is room for', async () => {
    await server.query(
      `ALTER TABLE ${schema}.entries DISABLE TRIGGER entry;
       INSERT INTO ${schema}.entries (author, seq, at, kind, key, value)
       VALUES ('${foil}', 10000, now(), 'set', 'k', '1');
       ALTER TABLE ${schema}.entries ENABLE TRIGGER entry`,
    )
    const sql = `INSERT INTO ${schema}.entries (kind, key, value) VALUES ('set', 'k', '1')`
    await expect(party.query(sql)).rejects.toMatchObject({ code: '23514' })
  })

  it('has no more connections than its role', async () => {
    const { dbConnectionInfo } = await side.provision('tally-1')
    const as = { user: foil, password: dbConnectionInfo.secret ?? '' }
    const more = await Promise.all([server.connect(as), server.connect(as), server.connect(as)])
    await expect(server.connect(as)).rejects.toMatchObject({ code: '53300' })
    await Promise.all(more.map((client) => client.end()))
  })

  it('leaves nothing when the tally is removed, though it is connected and has made a large object', async () => {
    await party.query('SELECT lo_create(0)')
    await side.deprovision('tally-1')
    const { schemas, roles } = await server.leftovers()
    const other = tallyNames('tally-2')
    expect(schemas).toEqual([other.schema])
    expect(roles).toEqual([other.foil, other.stock].toSorted())
    expect(await server.query('SELECT oid FROM pg_largeobject_metadata')).toEqual([])
  })
})

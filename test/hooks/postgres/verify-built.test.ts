import { once } from 'node:events'
import { createServer } from 'node:net'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { tallyNames } from '../../../src/hooks/postgres/tally-names.ts'
import type { BuiltDatabase } from '../../../src/protocol/message/messages.ts'
import { databaseCredentialRecords } from '../../../src/store/databases/database-credential-records.ts'
import { context } from '../../contract/hooks-fixtures.ts'
import { type BuildingSide, buildingSide } from '../../support/postgres/building-side.ts'
import type { EmbeddedPostgres } from '../../support/postgres/embedded-postgres.ts'
import { sharedPostgres } from '../../support/postgres/embedded-postgres.ts'
import { canRunPostgres } from '../../support/postgres/postgres-binaries.ts'

const { schema, stock, foil } = tallyNames('tally-1')

describe.skipIf(!canRunPostgres())('a database that a partner has built', () => {
  let server: EmbeddedPostgres
  let side: BuildingSide
  let partner: BuildingSide
  let built: BuiltDatabase

  beforeEach(async () => {
    server = await sharedPostgres()
    side = await buildingSide(server)
    partner = await buildingSide(server, { password: 'none of it' })
    built = await side.built('tally-1')
  })
  afterEach(async () => {
    await partner.dispose()
    await side.dispose()
  })

  const verify = (database: Partial<BuiltDatabase['database']> = {}) =>
    partner.hooks.database.verify(
      { ...built, database: { ...built.database, ...database } },
      context(),
    )
  const kept = () => partner.store.query(() => databaseCredentialRecords.find('tally-1'))
  const proofs = () => server.query(`SELECT author, seq, kind, key, value FROM ${schema}.entries`)

  it('is accepted when its draft is the one: one proof stands there in the partner’s name, and the credential is kept', async () => {
    expect(await verify()).toBe(true)
    expect(await verify()).toBe(true)
    const { sha256: value } = built.draft
    expect(await proofs()).toEqual([{ author: foil, seq: 1, kind: 'proof', key: 'draft', value }])
    expect(await kept()).toMatchObject({
      user: foil,
      password: built.database.secret,
      server: undefined,
    })
  })

  it.each([
    [
      'another draft',
      `UPDATE ${schema}.draft SET draft = draft || ' '`,
      'not the one that was agreed on',
    ],
    ['no draft', `DELETE FROM ${schema}.draft`, 'not the one that was agreed on'],
    ['no right to read it', `REVOKE SELECT ON ${schema}.draft FROM ${foil}`, 'lacks the rights'],
    [
      'no right to write',
      `REVOKE INSERT (kind, key, value) ON ${schema}.entries FROM ${foil}`,
      'lacks the rights',
    ],
    ['no way into the schema', `REVOKE USAGE ON SCHEMA ${schema} FROM ${foil}`, 'lacks the rights'],
    ['no tables', `DROP TABLE ${schema}.draft`, 'no such table'],
    ['another password', `ALTER ROLE ${foil} PASSWORD 'other'`, 'does not let this user in'],
    ['no login', `ALTER ROLE ${foil} NOLOGIN`, 'does not let this user in'],
    [
      'entries that vanish',
      `CREATE RULE gone AS ON INSERT TO ${schema}.entries DO INSTEAD NOTHING`,
      'does not keep',
    ],
  ])('is refused with %s, and nothing is kept of it', async (_what, sql, reason) => {
    await server.query(sql)
    expect(await verify()).toEqual({
      refused: 'database_refused',
      reason: expect.stringContaining(reason),
    })
    expect(await kept()).toBeUndefined()
  })

  it('is refused when it is named otherwise than this tally’s, before anybody is dialled', async () => {
    const { endpoint } = built.database
    const elsewhere = (text: string) => endpoint.replace('127.0.0.1', text)
    for (const database of [
      { credentialsRef: stock },
      { endpoint: endpoint.replace(schema, tallyNames('tally-2').schema) },
      { endpoint: `${endpoint}&sslrootcert=/etc/passwd` },
      { endpoint: endpoint.replace('postgres://', 'postgres://admin@') },
      { endpoint: endpoint.replace(/127.0.0.1:\d+/, '').replace('?', '?host=/run/postgresql&') },
      { endpoint: 'https://db.example.org/' },
      { endpoint: elsewhere('169.254.169.254') },
      { endpoint: elsewhere('0.0.0.0') },
      { endpoint: elsewhere('[fe80::1]') },
      { endpoint: elsewhere('224.0.0.1') },
    ]) {
      expect(await verify(database), JSON.stringify(database)).toMatchObject({
        refused: 'database_refused',
      })
    }
    expect(await proofs()).toEqual([])
  })

  it('is refused as a whole by whoever takes no servers', async () => {
    const choosy = { environment: {}, takesServers: false }
    const { createFileHooks } = await import('../../../src/hooks/file/create-file-hooks.ts')
    const hooks = createFileHooks({
      store: partner.store,
      eventFile: '/dev/null',
      database: choosy,
    })
    expect(await hooks.database.verify(built, context())).toMatchObject({
      refused: 'database_refused',
    })
  })

  it('is not refused but unknown while its server is away: the same again may do', async () => {
    await server.crash()
    await expect(verify()).rejects.toMatchObject({ code: 'database_unreachable' })
    await server.start()
    expect(await verify()).toBe(true)
  })

  it('whose server sends without end is refused, and hung up on', async () => {
    // A notice, again and again: pg takes each and waits on.
    const text = Buffer.from(`SNOTICE\0C00000\0M${'x'.repeat(60_000)}\0\0`)
    const head = Buffer.from([0x4e, 0, 0, 0, 0])
    head.writeUInt32BE(text.length + 4, 1)
    const notice = Buffer.concat([head, text])
    const left = Promise.withResolvers<void>()
    let sent = 0
    const hostile = createServer((socket) => {
      const flood = (): void => {
        do sent += notice.length
        while (socket.write(notice))
      }
      socket.on('error', () => undefined)
      socket.on('close', () => left.resolve())
      socket.on('drain', flood)
      socket.once('data', flood)
    }).listen(0, '127.0.0.1')
    await once(hostile, 'listening')
    const address = hostile.address()
    const port = typeof address === 'object' && address !== null ? address.port : 0
    const endpoint = `postgres://127.0.0.1:${port}/tallies?sslmode=disable&options=-csearch_path%3D${schema}`
    expect(await verify({ endpoint })).toMatchObject({
      reason: expect.stringContaining('more than a tally holds'),
    })
    await left.promise
    hostile.close()
    expect(sent).toBeLessThan(64 * 1_048_576)
  })

  it('that asks for the password itself does not get it', async () => {
    const heard: Buffer[] = []
    const hostile = createServer((socket) => {
      socket.on('error', () => undefined)
      socket.on('data', (bytes) => {
        heard.push(bytes)
        // AuthenticationCleartextPassword.
        socket.write(Buffer.from([0x52, 0, 0, 0, 8, 0, 0, 0, 3]))
      })
    }).listen(0, '127.0.0.1')
    await once(hostile, 'listening')
    const address = hostile.address()
    const port = typeof address === 'object' && address !== null ? address.port : 0
    const endpoint = `postgres://127.0.0.1:${port}/tallies?sslmode=disable&options=-csearch_path%3D${schema}`
    const answer = await verify({ endpoint })
    hostile.close()
    expect(answer).toMatchObject({ reason: expect.stringContaining('did not prove') })
    expect(Buffer.concat(heard).includes(built.database.secret ?? '')).toBe(false)
    expect(heard.length).toBe(1)
  })
})

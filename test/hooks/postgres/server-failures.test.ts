import { once } from 'node:events'
import { createServer } from 'node:net'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { tallyNames } from '../../../src/hooks/postgres/tally-names.ts'
import { ALICE, BOB, draftFor, provisionContext } from '../../contract/hooks-fixtures.ts'
import { type BuildingSide, buildingSide } from '../../support/postgres/building-side.ts'
import type { EmbeddedPostgres } from '../../support/postgres/embedded-postgres.ts'
import { sharedPostgres } from '../../support/postgres/embedded-postgres.ts'
import { canRunPostgres } from '../../support/postgres/postgres-binaries.ts'

const NOTHING = { schemas: [], roles: [] }
const { schema, foil } = tallyNames('tally-1')

describe.skipIf(!canRunPostgres())('a server that fails', () => {
  let server: EmbeddedPostgres
  let side: BuildingSide

  beforeEach(async () => {
    server = await sharedPostgres()
    side = await buildingSide(server)
  })
  afterEach(async () => {
    await side.dispose()
  })

  /** Holds the lock under which a tally is built. */
  async function holdLock(): Promise<() => Promise<void>> {
    const holder = await server.connect()
    await holder.query('BEGIN')
    const { lockOf } = await import('../../../src/hooks/postgres/tally-names.ts')
    await holder.query('SELECT pg_advisory_xact_lock($1, $2)', [...lockOf(tallyNames('tally-1'))])
    return async () => {
      await holder.query('ROLLBACK').catch(() => undefined)
      await holder.end()
    }
  }

  const waits = async (): Promise<boolean> => {
    const [row] = await server.query<{ waits: string }>(
      `SELECT count(*) AS waits FROM pg_locks WHERE locktype = 'advisory' AND NOT granted`,
    )
    return row?.waits === '1'
  }

  const until = async (holds: () => Promise<boolean>): Promise<void> => {
    while (!(await holds())) await new Promise((resolve) => setTimeout(resolve, 20))
  }

  it('by being away is unreachable, and serves again once it is back', async () => {
    await server.crash()
    await expect(side.provision('tally-1')).rejects.toMatchObject({ code: 'database_unreachable' })
    await expect(side.deprovision('tally-1')).rejects.toMatchObject({
      code: 'database_unreachable',
    })
    await server.start()
    expect(await side.provision('tally-1')).toMatchObject({ tally: { tallyId: 'tally-1' } })
  })

  it('by ending in the middle of a build leaves nothing, and the next build gives the same passwords', async () => {
    const release = await holdLock()
    const building = side.provision('tally-1')
    building.catch(() => undefined)
    await until(waits)
    await server.crash()
    await expect(building).rejects.toMatchObject({ code: 'database_unreachable' })
    await release()
    await server.start()
    expect(await server.leftovers()).toEqual(NOTHING)
    const again = await side.provision('tally-1')
    expect(await side.provision('tally-1')).toEqual(again)
  })

  it('by not answering is given up with the signal, and nothing is built afterwards', async () => {
    const release = await holdLock()
    const controller = new AbortController()
    const building = side.provision('tally-1', controller.signal)
    building.catch(() => undefined)
    await until(waits)
    controller.abort(new Error('the step is over'))
    await expect(building).rejects.toThrow('the step is over')
    await release()
    await until(async () => !(await waits()))
    expect(await server.leftovers()).toEqual(NOTHING)
  })

  it('by taking no more connections is unreachable, for now', async () => {
    const role = 'narrow'
    await server.query(`CREATE ROLE ${role} LOGIN CREATEROLE CONNECTION LIMIT 0 PASSWORD 'w'`)
    const url = server.url().replace('admin', role)
    const narrow = await buildingSide(server, { url, password: 'w' })
    await expect(narrow.provision('tally-1')).rejects.toMatchObject({
      code: 'database_unreachable',
      message: expect.stringContaining('no connection left'),
    })
    await narrow.dispose()
    await server.query(`DROP ROLE ${role}`)
  })

  it('by being read-only is unreachable, for now', async () => {
    await server.stop()
    await server.startAsStandby()
    await expect(side.provision('tally-1')).rejects.toMatchObject({
      code: 'database_unreachable',
      message: expect.stringContaining('takes no writes'),
    })
    await server.stop()
    await server.start()
    expect(await side.provision('tally-1')).toBeDefined()
  })

  it.each([
    ['a wrong password', { password: 'wrong' }, 'does not let this user in'],
    ['a database that is not there', { database: 'missing' }, 'no such database'],
    ['TLS that it does not speak', { mode: '?sslmode=verify-full' }, 'speaks no TLS'],
  ])(
    'by %s has to be set up',
    async (_what, {
      password,
      database,
      mode = '',
    }: { password?: string; database?: string; mode?: string }, words) => {
      const url = `${server.url(database)}${mode}`
      const other = await buildingSide(server, { url, password: password ?? server.password })
      await expect(other.provision('tally-1')).rejects.toMatchObject({
        code: 'database_setup',
        message: expect.stringContaining(words),
      })
      await other.dispose()
    },
  )

  it('by an administrator without rights has to be set up, and nothing is left', async () => {
    await server.query(`CREATE ROLE weak LOGIN PASSWORD 'w'`)
    const url = server.url().replace('admin', 'weak')
    const weak = await buildingSide(server, { url, password: 'w' })
    await expect(weak.provision('tally-1')).rejects.toMatchObject({ code: 'database_setup' })
    expect(await server.leftovers()).toEqual(NOTHING)
    await weak.dispose()
    await server.query('DROP ROLE weak')
  })

  it('a database in which somebody else lives is refused, with what would have to be taken from everybody', async () => {
    await server.query('CREATE DATABASE shared', 'postgres')
    await server.query('CREATE TABLE public.theirs (x int)', 'shared')
    const other = await buildingSide(server, { url: server.url('shared') })
    await expect(other.provision('tally-1')).rejects.toMatchObject({
      code: 'database_setup',
      message: expect.stringContaining('REVOKE ALL ON SCHEMA "public" FROM PUBLIC'),
    })
    await other.dispose()
    await server.query('DROP DATABASE shared WITH (FORCE)', 'postgres')
  })

  it('an owner who is no superuser can build and remove', async () => {
    await server.query(`CREATE ROLE owner LOGIN CREATEROLE PASSWORD 'w'`, 'postgres')
    await server.query('CREATE DATABASE owned OWNER owner', 'postgres')
    const url = server.url('owned').replace('admin', 'owner')
    const own = await buildingSide(server, { url, password: 'w' })
    const { dbConnectionInfo } = await own.provision('tally-1')
    const as = { user: foil, password: dbConnectionInfo.secret ?? '', database: 'owned' }
    const party = await server.connect(as)
    await party.query('SELECT lo_create(0)')
    await own.deprovision('tally-1')
    await party.end()
    expect(await server.query(`SELECT rolname FROM pg_roles WHERE rolname LIKE 'taleus%'`)).toEqual(
      [],
    )
    await own.dispose()
    await server.query('DROP DATABASE owned WITH (FORCE)', 'postgres')
    await server.query('DROP ROLE owner', 'postgres')
  })

  it('a draft that nobody has read gives way to that of a later reservation; one in use does not', async () => {
    const build = (createdAt: number, fence: number) =>
      side.hooks.database.provision('stock', ALICE, BOB, 's', {
        ...provisionContext('tally-1'),
        fence,
        draftFor: (tallyId) => {
          const { text } = draftFor('stock')(tallyId)
          return { text: `${text} `.repeat(createdAt), sha256: `${createdAt}` }
        },
      })
    await build(1, 2)
    await expect(build(2, 1)).rejects.toMatchObject({ code: 'database_conflict' })
    const { dbConnectionInfo } = await build(2, 3)
    const party = await server.connect({ user: foil, password: dbConnectionInfo.secret ?? '' })
    await party.query(`INSERT INTO entries (kind, key, value) VALUES ('set', 'k', '1')`)
    await party.end()
    await expect(build(3, 4)).rejects.toMatchObject({ code: 'database_conflict' })
    expect(await server.query(`SELECT draft_sha256 FROM ${schema}.draft`)).toEqual([
      { draft_sha256: '2' },
    ])
  })

  it('that takes a connection and says nothing is given up', async () => {
    const silent = createServer((socket) => void socket.on('error', () => undefined)).listen(
      0,
      '127.0.0.1',
    )
    await once(silent, 'listening')
    const address = silent.address()
    const port = typeof address === 'object' && address !== null ? address.port : 0
    const other = await buildingSide(server, { url: `postgres://me@127.0.0.1:${port}/t` })
    await expect(other.provision('tally-1')).rejects.toMatchObject({ code: 'database_unreachable' })
    silent.close()
    await other.dispose()
  })
})

import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { type EmbeddedPostgres, sharedPostgres } from '../../support/postgres/embedded-postgres.ts'
import { canRunPostgres } from '../../support/postgres/postgres-binaries.ts'
import { dataDirectory, listener, taleus, taleusJson } from '../support/cli.ts'

describe.skipIf(!canRunPostgres())('a tally in PostgreSQL', () => {
  let server: EmbeddedPostgres
  let env: NodeJS.ProcessEnv

  beforeAll(async () => {
    server = await sharedPostgres()
    env = { PGPASSWORD: server.password, PGPASSFILE: '/dev/null' }
  })
  afterAll(async () => {
    await server.removeTallies()
  })

  test('is built by either role, opened by the other, written by both, and its passwords are told nobody', async () => {
    const [alice, bob, carol] = [
      await dataDirectory(),
      await dataDirectory(),
      await dataDirectory(),
    ]
    const said: string[] = []
    const run = async (who: string, args: readonly string[], code = 0) => {
      const ended = await taleus(who, args, { env: who === bob ? {} : env })
      said.push(ended.stdout, ended.stderr)
      expect(ended, args.join(' ')).toMatchObject({ code })
      return ended.stdout
    }
    const loopback = ['--listen', '/ip4/127.0.0.1/tcp/0']
    const listening = await listener(alice, [...loopback, '--database', server.url()], { env })
    const linkOf = async (role: string) =>
      String((await taleusJson(alice, ['token', 'create', '--role', role])).json['link'])
    await run(bob, ['bootstrap', await linkOf('stock'), '--yes'])
    const asCarol = ['--yes', '--json', '--database', server.url()]
    const built = JSON.parse(await run(carol, ['bootstrap', await linkOf('foil'), ...asCarol]))
    expect(built).toMatchObject({ status: 'confirmed', database: { engine: 'postgres' } })

    const [{ tallyId }] = JSON.parse(await run(bob, ['tally', 'list', '--json'])).tallies
    await run(bob, ['tally', 'set', tallyId, 'note=from Bob'])
    await run(alice, ['tally', 'set', tallyId, 'limit:=250'])
    const shown = [alice, bob].map((who) => run(who, ['tally', 'show', tallyId, '--json']))
    for (const text of await Promise.all(shown)) {
      expect(JSON.parse(text)).toMatchObject({
        document: { draft: { tallyId }, note: 'from Bob', limit: 250 },
        unread: null,
      })
    }
    await run(bob, ['tally', 'sync', tallyId], 2)
    expect(await run(bob, ['tally', 'connect', tallyId])).toMatch(/^postgres:\/\/taleus_\w+_foil@/)
    for (const who of [alice, bob, carol]) {
      await Promise.all([run(who, ['sessions', 'export']), run(who, ['audit', 'export'])])
      said.push(readFileSync(join(who, 'events.jsonl'), 'utf8'))
    }
    await run(alice, ['audit', 'verify'])
    expect(await listening.stop()).toBe(0)
    said.push(JSON.stringify(listening.lines), await listening.errors)

    const secrets = [alice, bob, carol].flatMap(passwordsIn)
    expect(new Set(secrets).size).toBe(4)
    for (const secret of [...secrets, server.password])
      expect(said.join('\n')).not.toContain(secret)
    for (const who of [alice, bob, carol]) {
      const places = new Set(secrets.flatMap((secret) => placesOf(who, secret)))
      expect(MAY_HOLD).toEqual(expect.arrayContaining([...places]))
    }
    const secret = String(secrets.find((each) => placesOf(bob, each).length > 0))
    expect(await taleus(bob, ['tally', 'connect', tallyId, '--reveal'])).toMatchObject({
      code: 0,
      stdout: expect.stringContaining(secret),
      stderr: expect.stringContaining('password'),
    })
  })

  test('is not begun with a password in the address, which is repeated nowhere', async () => {
    const alice = await dataDirectory()
    const url = 'postgres://me:hunter2@127.0.0.1/tallies'
    for (const args of [
      ['listen', '--database', url],
      ['config', 'set', 'database', url],
      ['listen', '--database', 'postgres://me@127.0.0.1/tallies?password=hunter2', '--json'],
    ]) {
      const { code, stdout, stderr } = await taleus(alice, args)
      expect(code).toBe(2)
      expect(stdout + stderr).toContain('database-password-file')
      expect(stdout + stderr).not.toContain('hunter2')
    }
  })

  test('that can’t be built while its server is away: the inviter’s session names it, the invitee is told to come again', async () => {
    const [alice, bob] = [await dataDirectory(), await dataDirectory()]
    const nowhere = ['--database', 'postgres://me@127.0.0.1:9/tallies?sslmode=disable']
    const loopback = ['--listen', '/ip4/127.0.0.1/tcp/0']
    const listening = await listener(alice, [...loopback, ...nowhere], { env })
    const { json } = await taleusJson(alice, ['token', 'create'])
    const { code, stderr } = await taleus(bob, ['bootstrap', String(json['link']), '--yes'])
    expect(code).toBe(9)
    expect(stderr).toContain('nothing can be set up at the moment')
    expect(stderr).toContain('Run the same command again in 10 s.')
    expect(await listening.line(({ reason }) => reason === 'database_unreachable')).toBeDefined()
    await listening.stop()
  })
})

/** The answer must be given again as it was, byte by byte. */
const MAY_HOLD = [
  'database_credentials.password',
  'database_credentials.partner_password',
  'answers.response',
]

/** The passwords in a data directory's store. */
function passwordsIn(directory: string): readonly string[] {
  const store = new DatabaseSync(join(directory, 'taleus.db'), { readOnly: true })
  try {
    const rows = store.prepare('SELECT password, partner_password FROM database_credentials').all()
    return rows
      .flatMap((row) => [row['password'], row['partner_password']])
      .filter((each) => typeof each === 'string')
  } finally {
    store.close()
  }
}

/** The columns of a store in which a text stands. */
function placesOf(directory: string, text: string): readonly string[] {
  const store = new DatabaseSync(join(directory, 'taleus.db'), { readOnly: true })
  try {
    const columns = store
      .prepare(
        `SELECT m.name AS t, c.name AS c FROM sqlite_master m, pragma_table_info(m.name) c WHERE m.type = 'table'`,
      )
      .all()
    return columns
      .filter(({ t, c }) => {
        const sql = `SELECT 1 FROM "${t}" WHERE instr(CAST("${c}" AS BLOB), CAST(? AS BLOB)) > 0 LIMIT 1`
        return store.prepare(sql).get(text) !== undefined
      })
      .map(({ t, c }) => `${t}.${c}`)
  } finally {
    store.close()
  }
}

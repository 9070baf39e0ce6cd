import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import { describe, expect, test } from 'vitest'
import { sharedPostgres } from '../../support/postgres/embedded-postgres.ts'
import { canRunPostgres } from '../../support/postgres/postgres-binaries.ts'
import { dataDirectory, listener, taleus, taleusJson } from '../support/cli.ts'
import { serverPlace } from '../support/store-on-server.ts'

const LISTEN = ['--listen', '/ip4/127.0.0.1/tcp/0', '--node-lease', '1s']

/** A party and a node of it, whose stores are the same. */
async function sharing() {
  const [home, till] = [await dataDirectory(), await dataDirectory()]
  const { url, passwordFile } = await serverPlace(home)
  for (const each of [home, till]) {
    const settings = { store: url, 'store-password-file': passwordFile }
    await writeFile(join(each, 'settings.json'), JSON.stringify(settings), { mode: 0o600 })
  }
  const tillId = (await done(till, ['node', 'key'])).trim()
  await done(home, ['identity', 'show'])
  const certificate = await done(home, ['node', 'add', tillId, '--name', 'till-2'])
  await done(till, ['node', 'join', '-'], certificate)
  return { home, till, tillId }
}

/** Runs a command that has to do what it is for. @returns its stdout */
async function done(directory: string, words: readonly string[], input = ''): Promise<string> {
  const finished = await taleus(directory, words, { input })
  expect(finished).toMatchObject({ code: 0 })
  return finished.stdout
}

/** A standing invitation that names the addresses of both. */
async function linkOf(directory: string, addresses: readonly string[]): Promise<string> {
  const announced = addresses.flatMap((each) => ['--announce', each])
  const words = ['token', 'create', '--unlimited', ...announced]
  return String((await taleusJson(directory, words)).json['link'])
}

describe.skipIf(!canRunPostgres())('two nodes on one store', () => {
  test('serve each other’s invitations, and one goes on when the other is killed', async () => {
    const { home, till, tillId } = await sharing()
    const [first, second] = [await listener(home, LISTEN), await listener(till, LISTEN)]
    const { json } = await taleusJson(home, ['node', 'list'])
    expect(json['nodes']).toMatchObject([{ name: 'till-2', atWork: true }])
    const link = await linkOf(home, [...first.addresses, ...second.addresses])
    await done(await dataDirectory(), ['bootstrap', link, '--yes'])
    first.signal('SIGKILL')
    await second.line(({ detail }) => String(detail).includes('was taken over'))
    await done(await dataDirectory(), ['bootstrap', link, '--yes'])
    expect(await done(till, ['audit', 'query', '--json'])).toContain('node.taken_over')
    const again = await listener(home, LISTEN)
    for (const each of [home, till]) await done(each, ['audit', 'verify'])
    expect(await taleusJson(home, ['node', 'drain', '--to', 'till-2'])).toMatchObject({
      code: 0,
      json: { drained: true, to: 'till-2' },
    })
    expect(await again.exited).toBe(0)
    const nobody = await taleusJson(till, ['node', 'drain', '--to', tillId])
    expect(nobody).toMatchObject({ code: 2, json: { error: { code: 'node_register' } } })
    expect(await second.stop()).toBe(0)
  })

  test('know of a retired one that it is none any more: it ends, and does not start again', async () => {
    const { home, till } = await sharing()
    const running = await listener(till, LISTEN)
    await done(home, ['node', 'retire', 'till-2'])
    expect(await running.exited).toBe(10)
    const again = await taleusJson(till, ['listen', '--for', '1s'])
    expect(again).toMatchObject({ code: 10, json: { error: { code: 'node_superseded' } } })
  })

  test('wait for a server that is away, say so, and go on when it is back', async () => {
    const { home } = await sharing()
    const server = await sharedPostgres()
    const running = await listener(home, [...LISTEN, '--http', '127.0.0.1:0'])
    const { json } = await taleusJson(home, ['status'])
    const isReady = async () => (await fetch(`${json['http']}/readyz`)).status === 200
    expect(await isReady()).toBe(true)
    await server.crash()
    await running.line(
      ({ type, detail }) => type === 'problem' && String(detail).includes('refused'),
    )
    const page = await fetch(`${json['http']}/readyz`)
    expect([page.status, await page.text()]).toEqual([
      503,
      expect.stringContaining('store_unreachable'),
    ])
    await server.start()
    while (!(await isReady())) await pause(100)
    const link = await linkOf(home, running.addresses)
    await done(await dataDirectory(), ['bootstrap', link, '--yes'])
    expect(await running.stop()).toBe(0)
  })
})

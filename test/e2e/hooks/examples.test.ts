import { copyFileSync, existsSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { expect, onTestFinished, test, vi } from 'vitest'
import { dataDirectory, listener, taleus, taleusJson } from '../support/cli.ts'
import { invite } from '../support/invite.ts'

const EXAMPLES = fileURLToPath(new URL('../../../examples', import.meta.url))
const LISTEN = ['--listen', '/ip4/127.0.0.1/tcp/0'] as const
const PATIENCE = { timeout: 60_000, interval: 50 }

/** A copy, for what an example keeps beside itself. */
async function copied(name: string): Promise<{ readonly folder: string; readonly path: string }> {
  const folder = await dataDirectory()
  const path = join(folder, name)
  copyFileSync(join(EXAMPLES, name), path)
  return { folder, path }
}

test('allow-list.mjs lets in who is on the list, and nobody else', async () => {
  const [alice, bob, carol] = [await dataDirectory(), await dataDirectory(), await dataDirectory()]
  const { json } = await taleusJson(bob, ['identity', 'show'])
  writeFileSync(join(alice, 'allowed-peers'), `# who may come\n${json['peerId']}\n`, {
    mode: 0o600,
  })
  const module = join(EXAMPLES, 'allow-list.mjs')
  const listening = await listener(alice, [...LISTEN, '--hooks', module])
  const { link } = await invite(alice, listening.addresses, { uses: null })
  expect(await taleus(bob, ['bootstrap', link, '--yes'])).toMatchObject({ code: 0 })
  const refused = await taleus(carol, ['bootstrap', link, '--yes'])
  expect(refused.code).toBe(7)
  expect(refused.stderr).toContain('The inviter has said no to you')
  const note = await listening.line(({ type }) => type === 'problem')
  expect(note['detail']).toMatch(/^hooks: 12D3KooW\w+ is not on the list$/)
  expect(await listening.stop()).toBe(0)
})

test('webhook.mjs asks a service on this computer, and goes by what it answers', async () => {
  const asked: unknown[] = []
  const answers = [200, 403, 500]
  const server = createServer((request, response) => {
    let text = ''
    request.on('data', (chunk) => {
      text += String(chunk)
    })
    request.on('end', () => {
      asked.push(JSON.parse(text))
      response.writeHead(answers[asked.length - 1] ?? 500).end()
    })
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  onTestFinished(() => void server.close())
  const { port } = server.address() as AddressInfo
  const alice = await dataDirectory()
  const env = { WELCOME_SERVICE: `http://127.0.0.1:${port}/welcome` }
  const module = join(EXAMPLES, 'webhook.mjs')
  const listening = await listener(alice, [...LISTEN, '--hooks', module], { env })
  const { link } = await invite(alice, listening.addresses, { uses: null, required: ['name'] })
  const codes: unknown[] = []
  for (const name of ['Bob', 'Mallory', 'Carol']) {
    const args = ['bootstrap', link, '--yes', '--disclose', `name=${name}`]
    codes.push((await taleus(await dataDirectory(), args)).code)
  }
  expect(codes).toEqual([0, 7, 1])
  expect(asked).toMatchObject([
    { peerId: expect.any(String), identity: { name: 'Bob' } },
    { identity: { name: 'Mallory' } },
    { identity: { name: 'Carol' } },
  ])
  expect(await listening.stop()).toBe(0)
})

test('own-database.mjs keeps the tallies of both roles where it says, for both sides', async () => {
  const { folder, path } = await copied('own-database.mjs')
  const [alice, bob] = [await dataDirectory(), await dataDirectory()]
  for (const directory of [alice, bob])
    expect(await taleus(directory, ['config', 'set', 'hooks', path])).toMatchObject({ code: 0 })
  const listening = await listener(alice, LISTEN)
  const tallies: string[] = []
  for (const role of ['stock', 'foil'] as const) {
    const { link } = await invite(alice, listening.addresses, { role })
    const { code, json } = await taleusJson(bob, ['bootstrap', link, '--yes'])
    expect(code).toBe(0)
    expect(json['database']).toMatchObject({ engine: 'folder' })
    tallies.push(String(json['tallyId']))
  }
  const files = tallies.map((id) => `${id}.json`)
  expect(readdirSync(join(folder, 'tallies')).sort()).toEqual(files.toSorted())
  for (const directory of [alice, bob]) {
    const { json } = await taleusJson(directory, ['tally', 'list'])
    expect(json['tallies']).toHaveLength(2)
  }
  expect(await listening.stop()).toBe(0)
})

test('closed.sh answers for the listener while there is a file called closed', async () => {
  const { folder, path } = await copied('closed.sh')
  const [alice, bob] = [await dataDirectory(), await dataDirectory()]
  const listening = await listener(alice, [...LISTEN, '--hook-command', path])
  const { link } = await invite(alice, listening.addresses)
  writeFileSync(join(folder, 'closed'), '')
  const args = ['bootstrap', link, '--yes', '--timeout', '2s']
  expect(await taleus(bob, args)).toMatchObject({ code: 9 })
  rmSync(join(folder, 'closed'))
  expect(await taleus(bob, ['bootstrap', link, '--yes'])).toMatchObject({ code: 0 })
  expect(await listening.stop()).toBe(0)
})

test('notify.sh writes a note when an invitation was redeemed', async () => {
  const { folder, path } = await copied('notify.sh')
  const [alice, bob] = [await dataDirectory(), await dataDirectory()]
  const env = { DBUS_SESSION_BUS_ADDRESS: '' }
  const args = [...LISTEN, '--on-event', path, '--http', '127.0.0.1:0']
  const listening = await listener(alice, args, { env })
  const { link } = await invite(alice, listening.addresses)
  expect(await taleus(bob, ['bootstrap', link, '--yes'])).toMatchObject({ code: 0 })
  const notes = join(folder, 'notes')
  await vi.waitFor(() => expect(existsSync(notes)).toBe(true), PATIENCE)
  const [kind = '', event = ''] = readFileSync(notes, 'utf8').trim().split(/ (.*)/s)
  expect(kind).toBe('redeemed')
  expect(JSON.parse(event)).toMatchObject({ kind: 'redeemed', type: 'session', to: 'COMPLETED' })
  const { json } = await taleusJson(alice, ['status'])
  expect(json['onEvent']).toEqual({ told: 1, failed: 0, dropped: 0, waiting: 0 })
  const metrics = await (await fetch(`${json['http']}/metrics`)).text()
  expect(metrics).toContain('taleus_on_event_total{result="told"} 1\n')
  expect(metrics).toContain('taleus_on_event_waiting 0\n')
  expect(await listening.stop()).toBe(0)
})

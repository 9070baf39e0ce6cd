import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { dataDirectory, listener, taleus, taleusJson } from './support/cli.ts'

test('a running listener tells how it is, and the store what it holds', async () => {
  const [alice, bob] = [await dataDirectory(), await dataDirectory()]
  const { addresses, peerId } = await listener(alice)
  const { json } = await taleusJson(alice, ['token', 'create'])
  expect((await taleus(bob, ['bootstrap', String(json['link']), '--yes'])).code).toBe(0)
  const status = await taleusJson(alice, ['status'])
  expect(status).toMatchObject({
    code: 0,
    json: {
      running: true,
      peerId,
      addresses,
      draining: false,
      health: { ready: true, problems: [] },
      sessions: { live: 0, parked: 0, inDoubt: 0, archived: 1, tallies: 1 },
      bytes: { tables: { audit: expect.any(Number) } },
    },
  })
  expect(status.json['limits']).toContainEqual({
    key: 'max-sessions',
    value: 100,
    source: 'default',
  })
  const text = await taleus(alice, ['status'])
  expect(text.stdout).toContain(': ready\n')
  expect(text.stdout).not.toContain('\u{1b}')
})

test('without a listener it says so with code 6, tells what there is, and makes nothing', async () => {
  const directory = join(await dataDirectory(), 'never')
  const nothing = await taleus(directory, ['status'])
  expect(nothing).toMatchObject({ code: 6, stderr: '' })
  expect(nothing.stdout).toContain('No listener is running')
  expect(existsSync(directory)).toBe(false)
  const used = await dataDirectory()
  await taleus(used, ['token', 'create', '--announce', '/ip4/127.0.0.1/tcp/9'])
  const stopped = await taleusJson(used, ['status'])
  expect(stopped).toMatchObject({ code: 6, json: { running: false, sessions: { tokens: 1 } } })
})

test('below the reserve newcomers are refused as busy, and served again when there is room', async () => {
  const [alice, bob] = [await dataDirectory(), await dataDirectory()]
  const listening = await listener(alice)
  const { json } = await taleusJson(alice, ['token', 'create'])
  const redeem = ['bootstrap', String(json['link']), '--yes', '--timeout', '1s']
  expect((await taleus(alice, ['config', 'set', 'disk-reserve', '1TiB'])).code).toBe(0)
  const problem = await listening.line(({ type }) => type === 'problem')
  expect(problem['detail']).toContain('new sessions are refused')
  expect(await taleusJson(bob, redeem)).toMatchObject({
    code: 9,
    json: { error: { code: 'busy' } },
  })
  expect((await taleusJson(alice, ['status'])).json).toMatchObject({
    health: { ready: false, problems: [{ code: 'disk_full' }] },
  })
  await taleus(alice, ['config', 'set', 'disk-reserve'])
  expect((await taleus(bob, redeem)).code).toBe(0)
})

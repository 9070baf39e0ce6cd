import { spawn } from 'node:child_process'
import { text } from 'node:stream/consumers'
import { fileURLToPath } from 'node:url'
import { expect, test } from 'vitest'
import { dataDirectory, listener, taleus, taleusJson } from '../support/cli.ts'

test.each(['SIGINT', 'SIGTERM'] as const)('%s stops the listener in good order', async (signal) => {
  const listening = await listener(await dataDirectory())
  listening.signal(signal)
  expect(await listening.exited).toBe(0)
  expect(listening.lines.at(-1)).toMatchObject({ type: 'stopped', reason: signal, cut: 0 })
})

test('the second listener on a data directory is told who holds it', async () => {
  const directory = await dataDirectory()
  await listener(directory)
  const second = await taleusJson(directory, ['listen', '--listen', '/ip4/127.0.0.1/tcp/0'])
  expect(second).toMatchObject({ code: 10, json: { error: { code: 'listener_running' } } })
})

test('a lock and a socket left behind by kill -9 are no trouble', async () => {
  const directory = await dataDirectory()
  const first = await listener(directory)
  first.signal('SIGKILL')
  await first.exited
  const second = await listener(directory)
  expect(await second.stop()).toBe(0)
})

test('--for and --once end it by themselves', async () => {
  const directory = await dataDirectory()
  const timed = await listener(directory, ['--listen', '/ip4/127.0.0.1/tcp/0', '--for', '1s'])
  expect(await timed.exited).toBe(0)
  expect(timed.lines.at(-1)).toMatchObject({ type: 'stopped', reason: 'time-is-up' })
  const once = await listener(directory, ['--listen', '/ip4/127.0.0.1/tcp/0', '--once'])
  const { json } = await taleusJson(directory, ['token', 'create'])
  const bob = await dataDirectory()
  expect((await taleus(bob, ['bootstrap', String(json['link']), '--yes'])).code).toBe(0)
  expect(await once.exited).toBe(0)
  expect(once.lines.at(-1)).toMatchObject({ type: 'stopped', reason: 'once' })
})

test('SIGHUP to a service, as a reload sends it, stops nothing', async () => {
  const [alice, bob] = [await dataDirectory(), await dataDirectory()]
  const listening = await listener(alice)
  listening.signal('SIGHUP')
  const { json } = await taleusJson(alice, ['token', 'create'])
  expect(await taleus(bob, ['bootstrap', String(json['link']), '--yes'])).toMatchObject({ code: 0 })
  expect(await listening.stop()).toBe(0)
})

test('it ends when nobody reads it any more, also if nothing happens', async () => {
  const directory = await dataDirectory()
  const launcher = fileURLToPath(new URL('../../../bin/run.js', import.meta.url))
  const listen = `"${process.execPath}" "${launcher}" listen --json --listen /ip4/127.0.0.1/tcp/0`
  // What the listener itself ends with is written aside: the pipe's code is that of its last command.
  const script = `{ ${listen}; echo "code $?" >&2; } | head -1`
  const child = spawn('sh', ['-c', script], {
    env: { ...process.env, TALEUS_DATA_DIR: directory },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  const [out, err] = await Promise.all([child.stdout, child.stderr].map((stream) => text(stream)))
  expect(JSON.parse(out ?? '')).toMatchObject({ type: 'ready' })
  expect(err).toBe('code 0\n')
})

test('what is written to see whether somebody reads is nothing to a reader', async () => {
  const directory = await dataDirectory()
  const args = ['listen', '--json', '--listen', '/ip4/127.0.0.1/tcp/0', '--for', '2s']
  const { stdout } = await taleus(directory, args)
  expect(stdout.split('\n').map((line) => line.trim().slice(0, 8))).toEqual([
    '{"type":',
    '{"type":',
    '',
  ])
  expect(stdout).toContain('\n ')
  for (const line of stdout.trim().split('\n')) expect(JSON.parse(line)).toHaveProperty('type')
})

test('a port that is taken is exit code 2 with a way out', async () => {
  const first = await listener(await dataDirectory())
  const [address = ''] = first.addresses
  const second = await taleusJson(await dataDirectory(), ['listen', '--listen', address])
  expect(second).toMatchObject({ code: 2, json: { error: { code: 'address_in_use' } } })
})

test('what the identity says now is disclosed, not what it said when the listener started', async () => {
  const [alice, bob] = [await dataDirectory(), await dataDirectory()]
  await listener(alice)
  await taleus(alice, ['identity', 'set', 'name=Alice'])
  const { json } = await taleusJson(alice, ['token', 'create'])
  const redeemed = await taleusJson(bob, ['bootstrap', String(json['link']), '--yes'])
  expect(redeemed.json).toMatchObject({ partner: { identity: { name: 'Alice' } } })
})

test('the addresses come from the environment too', async () => {
  const directory = await dataDirectory()
  const env = { TALEUS_LISTEN: '/ip4/127.0.0.1/tcp/0,/ip4/127.0.0.1/tcp/0/ws' }
  const { code, stdout } = await taleus(directory, ['listen', '--json', '--for', '1s'], { env })
  expect(code).toBe(0)
  const [ready] = stdout.split('\n')
  expect(JSON.parse(ready ?? '')).toMatchObject({ addresses: { length: 2 } })
})

test('--log writes the events to stderr, once, as the one who reads them wishes', async () => {
  const directory = await dataDirectory()
  const listen = ['listen', '--listen', '/ip4/127.0.0.1/tcp/0', '--for', '1s']
  const structured = await taleus(directory, listen, { env: { TALEUS_LOG: 'json' } })
  const events = structured.stderr.trimEnd().split('\n')
  expect(JSON.parse(events[0] ?? '')).toMatchObject({ type: 'ready', newParty: true })
  expect(events.map((line) => JSON.parse(line).type)).toEqual(['ready', 'stopped'])
  expect(structured.stdout).toBe('')
  const both = await taleus(directory, [...listen, '--json', '--log', 'text'])
  expect(
    both.stdout
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line).type),
  ).toEqual(['ready', 'stopped'])
  expect(both.stderr).toContain('listening as ')
  expect(both.stderr).toMatch(/stopped \(its time is up\)\n$/)
})

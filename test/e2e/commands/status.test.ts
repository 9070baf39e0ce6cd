import { once } from 'node:events'
import { createConnection, type Socket } from 'node:net'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { setTimeout as sleep } from 'node:timers/promises'
import { expect, onTestFinished, test } from 'vitest'
import {
  dataDirectory,
  listener,
  type RunningListener,
  taleus,
  taleusJson,
} from '../support/cli.ts'
import { ON_POSTGRES } from '../support/store-on-server.ts'

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

test('without a listener it says so with code 6, and tells what there is', async () => {
  const used = await dataDirectory()
  await taleus(used, ['token', 'create', '--announce', '/ip4/127.0.0.1/tcp/9'])
  const stopped = await taleusJson(used, ['status'])
  const nextStep = `Start one with \`taleus listen --data-dir ${used}\`.`
  const document = { running: false, nextStep, sessions: { tokens: 1 } }
  expect(stopped).toMatchObject({ code: 6, json: document })
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

test('listen --http tells health and metrics, and that it is stopping', async () => {
  const alice = await dataDirectory()
  const args = ['--listen', '/ip4/127.0.0.1/tcp/0', '--http', '127.0.0.1:0']
  const listening = await listener(alice, args)
  const ready = await listening.line(({ type }) => type === 'ready')
  const url = String(ready['http'])
  expect((await fetch(`${url}/readyz`)).status).toBe(200)
  expect((await fetch(`${url}/healthz`)).status).toBe(200)
  const metrics = await (await fetch(`${url}/metrics`)).text()
  expect(metrics).toContain('taleus_ready 1\n')
  expect(metrics).not.toContain(listening.peerId)
  expect((await fetch(`${url}/drain`, { method: 'POST' })).status).toBe(405)
  const taken = await taleusJson(await dataDirectory(), ['listen', '--http', new URL(url).host])
  expect(taken).toMatchObject({ code: 2, json: { error: { code: 'address_in_use' } } })
  expect(await listening.stop()).toBe(0)
  await expect(fetch(`${url}/healthz`)).rejects.toThrow()
})

test('a listener that hangs is told apart from none, and settings are kept all the same', async () => {
  const directory = await dataDirectory()
  const listening = await listener(directory)
  await stopBetweenWrites(listening, directory)
  expect(await taleusJson(directory, ['status'])).toMatchObject({
    code: 10,
    json: { error: { code: 'control_failed' } },
  })
  expect(await taleusJson(directory, ['config', 'set', 'max-sessions', '5'])).toMatchObject({
    code: 0,
    json: { value: 5, listener: { take: 'unheard' } },
  })
  // Only it knows its ports: a link with those of the settings might lead nowhere.
  expect(await taleusJson(directory, ['token', 'create'])).toMatchObject({
    code: 10,
    json: { error: { code: 'control_failed' } },
  })
  const named = ['token', 'create', '--no-qr', '--announce', '/ip4/192.0.2.7/tcp/4710']
  const { code, stderr } = await taleus(directory, named)
  expect({ code, stderr }).toMatchObject({ code: 0, stderr: expect.stringContaining('named') })
  listening.signal('SIGCONT')
})

test('a listener whose control places are all taken says so, to commands and to who would attach', async () => {
  const directory = await dataDirectory()
  await listener(directory)
  const path = join(directory, 'control.sock')
  const follow = 'POST /v2/follow HTTP/1.1\r\nHost: listener\r\nContent-Length: 2\r\n\r\n{}'
  const followers = await Promise.all(Array.from({ length: 32 }, () => held(path, follow)))
  // A view finds no seat, while other commands are served.
  const view = await taleusJson(directory, ['dashboard'])
  expect(view).toMatchObject({ code: 9, json: { error: { code: 'control_busy' } } })
  expect((await taleus(directory, ['status'])).code).toBe(0)
  const holders = await Promise.all(Array.from({ length: 32 }, () => held(path)))
  const status = await taleusJson(directory, ['status'])
  expect(status).toMatchObject({
    code: 9,
    json: { error: { code: 'control_busy', nextStep: expect.stringContaining('attached') } },
  })
  expect(status.json['error']).toMatchObject({
    message: expect.stringContaining('all 64 places of its control socket are taken'),
  })
  expect(await taleusJson(directory, ['token', 'create'])).toMatchObject({
    code: 9,
    json: { error: { code: 'control_busy' } },
  })
  for (const socket of [...holders, ...followers]) socket.destroy()
  const isServed = async () => (await taleus(directory, ['status'])).code
  await expect.poll(isServed, { timeout: 30_000 }).toBe(0)
})

/** A client that keeps its place: by its request, or by never coming to the end of it. */
async function held(path: string, request?: string): Promise<Socket> {
  const socket = createConnection(path)
  socket.on('error', () => undefined)
  await once(socket, 'connect')
  socket.write(
    request ?? 'POST /v2/status HTTP/1.1\r\nHost: listener\r\nContent-Length: 60000\r\n\r\n',
  )
  const talk = setInterval(() => socket.write(' '), 200)
  socket.on('close', () => clearInterval(talk))
  onTestFinished(() => void socket.destroy())
  if (request === undefined) return socket
  clearInterval(talk)
  await once(socket, 'data')
  return socket.resume()
}

/** Who is stopped inside a write holds the store's lock, and that is another matter. */
async function stopBetweenWrites(listening: RunningListener, directory: string): Promise<void> {
  for (;;) {
    listening.signal('SIGSTOP')
    await sleep(50)
    // A server gives up a transaction that stands still.
    if (ON_POSTGRES || canWrite(join(directory, 'taleus.db'))) return
    listening.signal('SIGCONT')
    await sleep(200)
  }
}

function canWrite(path: string): boolean {
  const database = new DatabaseSync(path)
  try {
    database.exec('BEGIN IMMEDIATE; ROLLBACK')
    return true
  } catch {
    return false
  } finally {
    database.close()
  }
}

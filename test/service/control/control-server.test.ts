import { spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { chmodSync, mkdtempSync, rmSync, statSync } from 'node:fs'
import { createConnection, createServer, type Socket } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import { askListener, runningStatus } from '../../../src/service/control/control-client.ts'
import { CONTROL_PATH } from '../../../src/service/control/control-protocol.ts'
import { type ControlCommands, ControlServer } from '../../../src/service/control/control-server.ts'
import { ControlBusyError, ControlError } from '../../../src/service/errors.ts'
import { STATUS } from '../../support/listener-status.ts'
import { placeOf } from '../../support/service/place-of.ts'

const REAPED = {
  policy: 'idle' as const,
  examined: 2,
  reaped: 1,
  skipped: [{ why: 'too young', count: 1 }],
  ms: 0.5,
  things: [{ kind: 'offer' as const, id: 'r', side: 'listener' as const, state: 'offered' }],
}

function socketPath(): string {
  const directory = mkdtempSync(join(tmpdir(), 'taleus-control-'))
  chmodSync(directory, 0o700)
  onTestFinished(() => rmSync(directory, { recursive: true, force: true }))
  return join(directory, 'control.sock')
}

async function serve(commands: Partial<ControlCommands> = {}): Promise<string> {
  const path = socketPath()
  const server = new ControlServer(path, {
    status: () => STATUS,
    cancel: ({ sessionId }) => ({ cancelled: sessionId === 'here' }),
    drain: async ({ ms = 10_000 }) => ({ pid: 1, active: 2, ms }),
    config: async () => ({ changes: [], inUse: [] }),
    reach: async () => [],
    reap: async ({ policies }) => ({ policies: policies.map((policy) => ({ ...REAPED, policy })) }),
    follow: () => undefined,
    ...commands,
  })
  await server.start()
  onTestFinished(() => server.stop())
  return path
}

/** A request of these bytes, in HTTP's words. */
function post(path: string, body: string): string {
  return `POST ${path} HTTP/1.1\r\nHost: listener\r\nContent-Length: ${body.length}\r\n\r\n${body}`
}

/** What comes back for these bytes, until the other side ends. */
function raw(path: string, text: string): Promise<string> {
  return new Promise((resolve) => {
    const socket = createConnection(path, () => socket.write(text))
    let answer = ''
    socket.on('data', (chunk) => {
      answer += String(chunk)
    })
    // Cut off while it still writes.
    socket.on('error', () => undefined)
    socket.on('close', () => resolve(answer))
  })
}

test('only its user may use the socket', async () => {
  expect(statSync(await serve()).mode & 0o777).toBe(0o600)
})

test('each command is answered with its result', async () => {
  const path = await serve()
  expect(await askListener(placeOf(path), 'status', {})).toEqual(STATUS)
  expect(await askListener(placeOf(path), 'cancel', { sessionId: 'here' })).toEqual({
    cancelled: true,
  })
  const operator = { user: 'alice', uid: 1000 }
  const order = { policies: ['offered' as const], filter: {}, dryRun: false, operator }
  expect(await askListener(placeOf(path), 'reap', order)).toEqual({
    policies: [{ ...REAPED, policy: 'offered' }],
  })
  expect(await askListener(placeOf(path), 'cancel', { sessionId: 'gone' })).toEqual({
    cancelled: false,
  })
  expect(await askListener(placeOf(path), 'drain', {})).toMatchObject({ ms: 10_000 })
  expect(await askListener(placeOf(path), 'drain', { ms: 7 })).toMatchObject({ ms: 7 })
})

test('without a listener there is no answer, which is no error', async () => {
  expect(await askListener(placeOf(socketPath()), 'status', {})).toBeUndefined()
})

test('a command of another version is refused, and so is an answer of one', async () => {
  const path = await serve()
  expect(await raw(path, post('/v1/status', '{}'))).toContain(' 505 ')
  // As it was asked before it spoke HTTP.
  const line = await raw(path, '{"v":1,"command":"status"}\n')
  expect(line).toMatch(/^HTTP\/1.1 400 /)
  const older = socketPath()
  const server = createServer((socket) => socket.end('{"v":1,"ok":false,"code":"version"}\n'))
  await new Promise<void>((resolve) => server.listen(older, resolve))
  onTestFinished(() => void server.close())
  const asked = askListener(placeOf(older), 'status', {})
  await expect(asked).rejects.toThrow('the running listener is of another version of taleus')
})

test.each([
  ['no JSON', 'status', '/v2/status', 400],
  ['no such command', '{}', '/v2/explode', 400],
  ['a drain of minus one ms', '{"ms":-1}', '/v2/drain', 400],
  ['a drain longer than an hour', '{"ms":3600001}', '/v2/drain', 400],
])('%s is refused', async (_, body, path, status) => {
  expect(await raw(await serve(), post(path, body))).toContain(` ${status} `)
})

test('half a request is not answered, and an endless one is cut off', async () => {
  const path = await serve()
  // Node may have the time to say why.
  expect(await raw(path, post('/v2/status', '{}').slice(0, -1))).toMatch(/^$|^HTTP\/1\.1 408 /)
  expect(await raw(path, post('/v2/status', 'x'.repeat(70_000)))).toBe('')
  expect(await raw(path, 'x'.repeat(70_000))).not.toContain(' 200 ')
  expect(await askListener(placeOf(path), 'status', {})).toEqual(STATUS)
})

test('what a command throws is told to its client and harms nobody else', async () => {
  const path = await serve({
    drain: () => {
      throw new TypeError('not now')
    },
  })
  await expect(askListener(placeOf(path), 'drain', {})).rejects.toThrow(
    new ControlError('refuses: not now'),
  )
  expect(await runningStatus(placeOf(path))).toEqual(STATUS)
})

test('an answer that this version does not know is told as such', async () => {
  const status = () => ({ ...STATUS, pid: 1.5 })
  const path = await serve({ status })
  await expect(askListener(placeOf(path), 'status', {})).rejects.toThrow(ControlError)
  expect(await runningStatus(placeOf(path))).toBeUndefined()
})

/** Clients that have a place and say nothing. */
async function silent(path: string, count: number): Promise<readonly Socket[]> {
  return await Promise.all(
    Array.from({ length: count }, async () => {
      const socket = createConnection(path)
      socket.on('error', () => undefined)
      onTestFinished(() => void socket.destroy())
      await once(socket, 'connect')
      return socket
    }),
  )
}

test('who finds all places taken is told so, and is served when there is one again', async () => {
  const path = await serve()
  const [first, ...others] = await silent(path, 64)
  expect(await askListener(placeOf(path), 'status', {}).catch((error: unknown) => error)).toEqual(
    new ControlBusyError('all 64 places of its control socket are taken'),
  )
  first?.destroy()
  await expect.poll(() => runningStatus(placeOf(path)), { timeout: 20_000 }).toEqual(STATUS)
  for (const socket of others) socket.destroy()
})

test('who is turned away holds nobody’s place, and beyond that nothing waits', async () => {
  const path = await serve()
  const places = await silent(path, 64)
  const turnedAway = await silent(path, 64)
  // Closed without a word: told as what it is, and not as another version.
  await expect(askListener(placeOf(path), 'status', {})).rejects.toThrow(
    'broke off before it answered',
  )
  for (const socket of places) socket.destroy()
  await expect.poll(() => runningStatus(placeOf(path)), { timeout: 20_000 }).toEqual(STATUS)
  for (const socket of turnedAway) socket.destroy()
})

test('requests and answers may come in pieces', async () => {
  const path = await serve()
  const answer = await new Promise<string>((resolve) => {
    const socket = createConnection(path, () => {
      const whole = post('/v2/status', '{}')
      socket.write(whole.slice(0, 10))
      setTimeout(() => socket.write(whole.slice(10) + post('/v2/cancel', '{}')), 20)
    })
    let text = ''
    socket.on('data', (chunk) => {
      text += String(chunk)
    })
    socket.on('end', () => resolve(text))
    onTestFinished(() => void socket.destroy())
  })
  expect(answer.match(/HTTP\/1.1/g)).toHaveLength(1)
  expect(answer).toContain(JSON.stringify(STATUS))
})

test('a listener that hangs is not waited for, however long the work would take', async () => {
  const path = socketPath()
  const silent = createServer(() => undefined)
  await new Promise<void>((resolve) => silent.listen(path, resolve))
  onTestFinished(() => void silent.close())
  const asked = askListener(placeOf(path), 'reap', {
    policies: ['expired'],
    filter: {},
    dryRun: true,
    operator: { user: 'alice', uid: 1 },
  })
  await expect(asked).rejects.toThrow(ControlError)
})

test('a request whose client has hung up while the listener stood still is not carried out', async () => {
  const done: string[] = []
  const path = await serve({
    cancel: ({ sessionId }) => {
      done.push(sessionId)
      return { cancelled: true }
    },
  })
  const body = '{"sessionId":"here"}'
  const client = `
    const socket = require('node:net').connect(process.argv[1], () =>
      socket.write(process.argv[2], () => socket.destroy()))`
  // This process stands still meanwhile, and the server with it.
  const words = ['-e', client, path, post(`${CONTROL_PATH}cancel`, body)]
  expect(spawnSync(process.execPath, words).status).toBe(0)
  expect(await askListener(placeOf(path), 'status', {})).toEqual(STATUS)
  expect(done).toEqual([])
  await askListener(placeOf(path), 'cancel', { sessionId: 'there' })
  expect(done).toEqual(['there'])
})

test('a command that is not answered in time says that it may still be done', async () => {
  const never = () => new Promise<never>(() => undefined)
  const path = await serve({ drain: never })
  await expect(askListener(placeOf(path), 'drain', {})).rejects.toThrow('may still be done')
})

test('a client that never finishes its request has no place for long', async () => {
  const path = await serve()
  const socket = createConnection(path)
  socket.on('error', () => undefined)
  socket.resume()
  const drip = setInterval(() => socket.write('X'), 100)
  onTestFinished(() => clearInterval(drip))
  socket.write('POST /v1/status HTTP/1.1\r\nX-Slow: ')
  await new Promise((resolve) => socket.on('close', resolve))
})

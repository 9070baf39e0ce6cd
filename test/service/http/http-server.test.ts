import { connect, type Socket } from 'node:net'
import { expect, onTestFinished, test } from 'vitest'
import { HttpServer, type PageOf } from '../../../src/service/http/http-server.ts'

const page: PageOf = (path) => {
  if (path === '/broken') throw new TypeError('a secret')
  return path === '/here' ? { status: 200, type: 'text/plain', text: 'hello\n' } : undefined
}

async function served(): Promise<string> {
  const server = new HttpServer(page)
  const url = await server.start('127.0.0.1', 0)
  onTestFinished(() => server.stop())
  return url
}

function open(url: string): Socket {
  const socket = connect(Number(new URL(url).port), '127.0.0.1')
  socket.on('error', () => undefined)
  socket.resume()
  onTestFinished(() => void socket.destroy())
  return socket
}

function closed(socket: Socket): Promise<void> {
  return new Promise((resolve) => socket.once('close', () => resolve()))
}

test('a page is told to GET, its length to HEAD, and nothing else is done', async () => {
  const url = await served()
  expect(await (await fetch(`${url}/here?x=1`)).text()).toBe('hello\n')
  const head = await fetch(`${url}/here`, { method: 'HEAD' })
  expect([head.status, head.headers.get('content-length'), await head.text()]).toEqual([
    200,
    '6',
    '',
  ])
  for (const method of ['POST', 'PUT', 'DELETE', 'OPTIONS']) {
    const refused = await fetch(`${url}/here`, { method })
    expect([refused.status, refused.headers.get('allow')]).toEqual([405, 'GET, HEAD'])
  }
  expect((await fetch(`${url}/elsewhere`)).status).toBe(404)
})

test('sockets that ask nothing keep no probe out: the oldest gives way, who is being answered does not', async () => {
  const answer = Promise.withResolvers<void>()
  const server = new HttpServer(async (path) => {
    if (path === '/slow') await answer.promise
    return page('/here')
  })
  const url = await server.start('127.0.0.1', 0)
  onTestFinished(() => server.stop())
  const slow = fetch(`${url}/slow`)
  const idle = Array.from({ length: 40 }, () => open(url))
  await closed(idle[0] ?? open(url))
  expect((await fetch(`${url}/here`)).status).toBe(200)
  answer.resolve()
  expect((await slow).status).toBe(200)
})

test('what goes wrong inside is not told', async () => {
  const response = await fetch(`${await served()}/broken`)
  expect(response.status).toBe(500)
  expect(await response.text()).not.toContain('secret')
})

test('a request with a body is refused, and its connection closed', async () => {
  const socket = open(await served())
  let answer = ''
  socket.on('data', (chunk) => {
    answer += String(chunk)
  })
  socket.write('GET /here HTTP/1.1\r\nHost: x\r\nContent-Length: 1000000\r\n\r\nabc')
  await closed(socket)
  expect(answer).toMatch(/^HTTP\/1\.1 413 /)
})

test('headers without end are cut off, and others are served meanwhile', async () => {
  const url = await served()
  const slow = open(url)
  const silent = open(url)
  const ends = [closed(slow), closed(silent)]
  slow.write('GET /here HTTP/1.1\r\n')
  const drip = setInterval(() => slow.writable && slow.write('X-A: b\r\n'), 500)
  onTestFinished(() => clearInterval(drip))
  expect((await fetch(`${url}/here`)).status).toBe(200)
  await Promise.all(ends)
})

test('headers that are too long are refused', async () => {
  const response = await fetch(`${await served()}/here`, {
    headers: { 'X-Long': 'x'.repeat(9_000) },
  })
  expect(response.status).toBe(431)
})

test('one connection too many is closed at once, and the place of one that left is free', async () => {
  const url = await served()
  const held = Array.from({ length: 32 }, () => open(url))
  await Promise.all(held.map((socket) => new Promise((resolve) => socket.once('connect', resolve))))
  await closed(open(url))
  const [first] = held
  first?.destroy()
  await expect
    .poll(async () => (await fetch(`${url}/here`).catch(() => undefined))?.status)
    .toBe(200)
})

test('requests of one connection are answered in turn, and too many at once are the end of it', async () => {
  let atOnce = 0
  let most = 0
  let asked = 0
  const server = new HttpServer(async () => {
    asked += 1
    atOnce += 1
    most = Math.max(most, atOnce)
    await new Promise((resolve) => setImmediate(resolve))
    atOnce -= 1
    return { status: 200, type: 'text/plain', text: `page ${asked}\n` }
  })
  const url = await server.start('127.0.0.1', 0)
  onTestFinished(() => server.stop())
  const one = 'GET / HTTP/1.1\r\nHost: x\r\n\r\n'
  const patient = open(url)
  let heard = ''
  patient.on('data', (chunk) => {
    heard += String(chunk)
  })
  patient.write(one.repeat(5))
  while (!heard.includes('page 5')) await new Promise((resolve) => setTimeout(resolve, 5))
  expect(heard.match(/page \d/g)).toEqual(['page 1', 'page 2', 'page 3', 'page 4', 'page 5'])
  expect(most).toBe(1)
  const greedy = open(url)
  greedy.write(one.repeat(500))
  await closed(greedy)
  expect(asked).toBeLessThan(20)
  expect((await fetch(url)).status).toBe(200)
})

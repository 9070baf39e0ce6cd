import { chmodSync, mkdtempSync, rmSync } from 'node:fs'
import { createConnection } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import { ControlServer } from '../../../src/service/control/control-server.ts'
import { type Following, followListener } from '../../../src/service/control/follow-listener.ts'
import { ControlBusyError } from '../../../src/service/errors.ts'
import { EventFeed, MAX_FEED_READERS } from '../../../src/service/feed/event-feed.ts'
import type { FeedEvent, FeedFact } from '../../../src/service/feed/event-feed-event.ts'
import { parseFeedLine } from '../../../src/service/feed/event-feed-lines.ts'
import { placeOf } from '../../support/service/place-of.ts'

const BEGIN: FeedFact = { type: 'problem', detail: 'what is true now' }

async function served() {
  const directory = mkdtempSync(join(tmpdir(), 'taleus-follow-'))
  chmodSync(directory, 0o700)
  onTestFinished(() => rmSync(directory, { recursive: true, force: true }))
  const path = join(directory, 'control.sock')
  const feed = new EventFeed({ snapshot: () => [BEGIN], now: () => 5 })
  const never = () => Promise.reject(new Error('not asked for'))
  const commands = {
    status: never,
    cancel: never,
    drain: never,
    config: never,
    reach: never,
    reap: never,
    follow: () => feed.follow(),
  }
  const server = new ControlServer(path, commands)
  await server.start()
  onTestFinished(() => server.stop())
  return { path, feed, server }
}

/** The next so many events. */
async function next(events: AsyncIterator<FeedEvent>, count: number): Promise<FeedEvent[]> {
  const told: FeedEvent[] = []
  while (told.length < count) {
    const { value, done } = await events.next()
    if (done === true) break
    told.push(value)
  }
  return told
}

async function follow(path: string): Promise<Following> {
  const following = await followListener(placeOf(path))
  if (following === undefined) throw new Error('nobody is there')
  onTestFinished(() => following.close())
  return following
}

async function until(isTrue: () => boolean): Promise<void> {
  while (!isTrue()) await new Promise((resolve) => setTimeout(resolve, 5))
}

test('a follower is told what is true, what happens, and the end', async () => {
  const { path, feed, server } = await served()
  const events = (await follow(path))[Symbol.asyncIterator]()
  expect(await next(events, 1)).toMatchObject([BEGIN])
  feed.publish({ type: 'refused', peerId: 'peer\n\u{1b}[2J', code: 'busy' })
  expect(await next(events, 1)).toEqual([
    { v: 1, seq: 1, at: 5, type: 'refused', peerId: 'peer\n\u{1b}[2J', code: 'busy' },
  ])
  feed.publish({ type: 'stopped', reason: 'drain', cut: 0 })
  feed.close()
  await server.stop()
  expect(await next(events, 2)).toMatchObject([{ type: 'stopped', reason: 'drain' }])
})

test('a line that is longer than any event ends it, before it is all kept', async () => {
  const { path, feed } = await served()
  const events = (await follow(path))[Symbol.asyncIterator]()
  expect(await next(events, 1)).toMatchObject([BEGIN])
  feed.publish({ type: 'problem', detail: 'x'.repeat(2 * 1_048_576) })
  expect(await next(events, 1)).toEqual([])
})

test('without a listener there is nothing to follow, which is no error', async () => {
  expect(
    await followListener(placeOf(join(tmpdir(), 'taleus-nowhere', 'control.sock'))),
  ).toBeUndefined()
})

test('a follower that does not read holds nobody up, and is told how much it missed', async () => {
  const { path, feed } = await served()
  const socket = createConnection(path)
  onTestFinished(() => void socket.destroy())
  socket.write('POST /v2/follow HTTP/1.1\r\nHost: listener\r\nContent-Length: 2\r\n\r\n{}')
  await until(() => feed.isFollowed)
  const quick = (await follow(path))[Symbol.asyncIterator]()
  await next(quick, 1)
  const detail = 'x'.repeat(1_000)
  const rounds = 40
  for (let round = 0; round < rounds; round += 1) {
    for (let n = 0; n < 500; n += 1) feed.publish({ type: 'problem', detail })
    expect(await next(quick, 500)).toHaveLength(500)
  }
  let text = ''
  socket.on('data', (chunk) => {
    text += String(chunk)
  })
  await until(() => text.includes('"missed"'))
  const told = text.split('\n').flatMap((line) => parseFeedLine(line) ?? [])
  const missed = told.find((event) => event.type === 'missed')
  expect(missed).toMatchObject({ count: expect.any(Number) })
  expect(told.length).toBeLessThan(rounds * 500)
})

test('a place is free again when its follower is gone, and one too many is refused', async () => {
  const { path, feed } = await served()
  const all: Following[] = []
  for (let n = 0; n < MAX_FEED_READERS; n += 1) all.push(await follow(path))
  const refused = followListener(placeOf(path))
  await expect(refused).rejects.toThrow('all 32 places of those who follow it are taken')
  await expect(refused).rejects.toBeInstanceOf(ControlBusyError)
  for (const each of all) each.close()
  await until(() => !feed.isFollowed)
  const again = (await follow(path))[Symbol.asyncIterator]()
  expect(await next(again, 1)).toMatchObject([BEGIN])
})

test('a listener that dies ends the loop of whoever follows it', async () => {
  const { path, server } = await served()
  const events = (await follow(path))[Symbol.asyncIterator]()
  await next(events, 1)
  await server.stop()
  expect(await next(events, 1)).toEqual([])
})

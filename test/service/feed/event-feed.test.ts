import { expect, it } from 'vitest'
import { EventFeed, MAX_FEED_READERS } from '../../../src/service/feed/event-feed.ts'
import type { FeedFact, FeedReady } from '../../../src/service/feed/event-feed-event.ts'

const READY: FeedReady = {
  type: 'ready',
  pid: 1,
  peerId: '12D3KooWAlice',
  addresses: [],
  startedAt: 0,
  maxSessions: 100,
  ratePerMinute: 10,
  totals: { completed: 0, looked: 0, asked: 0, failed: 0, timedOut: 0, refused: 0 },
}

function feedOf(snapshot: () => readonly FeedFact[] = () => [READY]) {
  const followed: boolean[] = []
  const feed = new EventFeed({
    snapshot,
    onFollowed: (isFollowed) => followed.push(isFollowed),
    now: () => 5,
  })
  return { feed, followed }
}

function problem(detail: string): FeedFact {
  return { type: 'problem', detail }
}

it('a reader is told what is true when it begins, then what happens, in order', () => {
  const { feed } = feedOf()
  feed.publish(problem('before its time'))
  const reader = feed.follow()
  expect(reader?.take()).toEqual([{ v: 1, seq: 1, at: 5, ...READY }])
  feed.publish(problem('a'))
  feed.publish(problem('b'))
  expect(reader?.take()).toMatchObject([
    { seq: 2, detail: 'a' },
    { seq: 3, detail: 'b' },
  ])
  expect(reader?.take()).toEqual([])
})

it('what happens before the first look is part of what is true then, and not told twice', () => {
  const said: string[] = []
  const { feed } = feedOf(() => said.map(problem))
  const reader = feed.follow()
  said.push('a')
  feed.publish(problem('a'))
  expect(reader?.take()).toMatchObject([{ detail: 'a' }])
})

it('a slow reader is told how much it missed, and then what is true now', () => {
  const { feed } = feedOf()
  const slow = feed.follow({ capacity: 3 })
  const quick = feed.follow()
  slow?.take()
  quick?.take()
  for (let n = 0; n < 10; n += 1) feed.publish(problem(String(n)))
  expect(slow?.take()).toMatchObject([{ type: 'missed', count: 10 }, { type: 'ready' }])
  expect(quick?.take()).toHaveLength(10)
  feed.publish(problem('next'))
  expect(slow?.take()).toMatchObject([{ detail: 'next', seq: 11 }])
})

it('a loop over the feed gets everything, and ends when the feed does', async () => {
  const { feed } = feedOf()
  const reader = feed.follow()
  const got: unknown[] = []
  const loop = (async () => {
    for await (const events of reader ?? []) got.push(...events.map(({ type }) => type))
  })()
  await new Promise(setImmediate)
  feed.publish(problem('a'))
  await new Promise(setImmediate)
  feed.publish({ type: 'stopped', reason: 'SIGTERM', cut: 0 })
  feed.close()
  await loop
  expect(got).toEqual(['ready', 'problem', 'stopped'])
  expect(feed.isFollowed).toBe(false)
})

it('leaving the loop is leaving the feed', async () => {
  const { feed, followed } = feedOf()
  for await (const _ of feed.follow() ?? []) break
  expect(feed.isFollowed).toBe(false)
  expect(followed).toEqual([true, false])
})

it('the first reader and the last one are noticed, those between are not', () => {
  const { feed, followed } = feedOf()
  const [one, two] = [feed.follow(), feed.follow()]
  one?.close()
  one?.close()
  two?.close()
  expect(followed).toEqual([true, false])
})

it('there is an end to how many may read', () => {
  const { feed } = feedOf()
  const readers = Array.from({ length: MAX_FEED_READERS }, () => feed.follow())
  expect(feed.follow()).toBeUndefined()
  readers[0]?.close()
  expect(feed.follow()).toBeDefined()
})

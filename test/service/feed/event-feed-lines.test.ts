import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { FeedEvent } from '../../../src/service/feed/event-feed-event.ts'
import { feedLine, parseFeedLine } from '../../../src/service/feed/event-feed-lines.ts'

const AT = Date.parse('2026-11-22T03:00:00.000Z')
const STAMP = { v: 1, seq: 7, at: AT } as const
const TOTALS = { completed: 1, looked: 0, asked: 0, failed: 2, timedOut: 3, refused: 4 }

const EVENTS: readonly FeedEvent[] = [
  {
    ...STAMP,
    type: 'ready',
    pid: 1,
    peerId: '12D3KooWAlice',
    addresses: ['/ip4/127.0.0.1/tcp/4710'],
    startedAt: AT,
    maxSessions: 100,
    ratePerMinute: 10,
    totals: TOTALS,
  },
  {
    ...STAMP,
    type: 'session',
    id: 'q4hz',
    side: 'listener',
    state: 'VALIDATING_TOKEN',
    from: 'READING_REQUEST',
    to: 'VALIDATING_TOKEN',
    ms: 1.5,
    peerId: '12D3KooWBob',
    startedAt: AT,
    since: AT + 1,
    stepUntil: AT + 5_000,
    until: AT + 30_000,
  },
  {
    ...STAMP,
    type: 'health',
    active: 1,
    maxSessions: 100,
    totals: TOTALS,
    addresses: [],
    reached: 'private',
    rssBytes: 1,
    lagMs: 0,
  },
  {
    ...STAMP,
    type: 'router',
    state: 'failed',
    router: '192.168.1.1',
    addresses: [],
    problem: 'the router 192.168.1.1 does not answer',
  },
  {
    ...STAMP,
    type: 'tokens',
    more: 1,
    tokens: [
      {
        id: 't1',
        label: 'bike',
        role: 'foil',
        uses: null,
        used: 1,
        reserved: 2,
        expiresAt: AT,
        revokedAt: AT,
      },
    ],
  },
  { ...STAMP, type: 'refused', peerId: '12D3KooWEve', code: 'busy' },
  { ...STAMP, type: 'problem', detail: 'disk \u001b[2J full' },
  { ...STAMP, type: 'draining', active: 3, ms: 10_000 },
  { ...STAMP, type: 'stopped', reason: 'SIGTERM', cut: 1 },
  { ...STAMP, type: 'missed', count: 12 },
]

describe('a line of the feed', () => {
  it.each(EVENTS.map((event) => [event.type, event]))('of %s reads back as it was', (_, event) => {
    const line = feedLine(event)
    expect(line).not.toContain('\n')
    expect(parseFeedLine(line)).toEqual(event)
  })

  it('tells times as people and other programs read them', () => {
    const [, session] = EVENTS
    if (session === undefined) throw new Error('no session')
    expect(JSON.parse(feedLine(session))).toMatchObject({
      at: '2026-11-22T03:00:00.000Z',
      stepUntil: '2026-11-22T03:00:05.000Z',
    })
  })

  it('of `listen --json` reads too', () => {
    const line =
      '{"type":"session","at":"2026-11-22T03:00:00.000Z","from":"CREATED","to":"READING_REQUEST","ms":1,"id":"a","side":"listener","state":"READING_REQUEST","peerId":"12D3","startedAt":"2026-11-22T02:59:59.000Z"}'
    expect(parseFeedLine(line)).toMatchObject({ v: 1, seq: 0, at: AT, since: AT, id: 'a' })
  })

  it.each([
    ['no JSON', '{'],
    ['no event', '[]'],
    ['an unknown type', '{"v":1,"seq":1,"at":1,"type":"party"}'],
    ['another version', '{"v":2,"seq":1,"at":1,"type":"missed","count":1}'],
    ['a time that is none', '{"at":"soon","type":"missed","count":1}'],
    ['a field of the wrong kind', '{"v":1,"seq":1,"at":1,"type":"missed","count":"1"}'],
  ])('that is %s is nothing', (_, line) => {
    expect(parseFeedLine(line)).toBeUndefined()
  })

  it('whatever it holds never throws', () => {
    fc.assert(
      fc.property(fc.oneof(fc.string(), fc.json()), (line) => {
        parseFeedLine(line)
      }),
    )
  })
})

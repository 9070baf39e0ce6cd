import { expect, it } from 'vitest'
import { jsonLine, plainLine } from '../../../src/cli/lines/listen-lines.ts'
import { spokenLine } from '../../../src/cli/lines/spoken-line.ts'
import type { ListenEvent } from '../../../src/service/feed/event-feed-event.ts'
import { ToldSessions } from '../../../src/service/feed/told-sessions.ts'
import { DEFAULT_SESSION_CONFIG } from '../../../src/session/config/session-config.ts'

const LISTENING: ListenEvent = {
  type: 'listening',
  at: 1_000,
  pid: 7,
  peerId: '12D3KooWAlice',
  addresses: ['/ip4/192.0.2.7/tcp/4710'],
  startedAt: 1_000,
  http: 'http://127.0.0.1:9710',
}

function completed(): Extract<ListenEvent, { type: 'session' }> {
  const summary = {
    id: '0123456789',
    side: 'listener' as const,
    state: 'COMPLETED',
    peerId: '12D3KooWBob',
    tallyId: 'tally',
    fence: 3,
    remoteAddress: '/ip4/192.0.2.8/tcp/9',
    startedAt: 1_000,
    endedAt: 1_600,
    durationMs: 600,
    steps: [{ state: 'ACKNOWLEDGING', ms: 5 }],
    exchange: { framesIn: 1, framesOut: 2, bytesIn: 3, bytesOut: 4, digest: 'd' },
  }
  const path = [{ seq: 1, from: 'ACKNOWLEDGING', to: 'COMPLETED', at: 1_600, ms: 5 }]
  const session = new ToldSessions().moved(summary, path, DEFAULT_SESSION_CONFIG).inWords()
  return { type: 'session', at: 9_999, ...session }
}

it('what the router does is told, and that it is not proven', () => {
  const at = Date.parse('2026-11-22T03:00:00.000Z')
  const addresses = ['/ip4/8.8.4.4/tcp/4710']
  const router = '192.168.1.1'
  const mapped: ListenEvent = { type: 'router', at, state: 'mapped', router, addresses }
  expect(String(plainLine(mapped))).toMatch(
    /router {3}192\.168\.1\.1 passes on \/ip4\/8\.8\.4\.4\/tcp\/4710; not proven yet$/,
  )
  const failed: ListenEvent = { type: 'router', at, state: 'failed', addresses: [], problem: 'no' }
  expect(String(spokenLine(failed))).toBe(
    'Router: nobody comes in that way: no; it is asked again.',
  )
})

it('the order of a line’s members is part of what is told', () => {
  expect(jsonLine(LISTENING)).toBe(
    '{"type":"ready","peerId":"12D3KooWAlice","addresses":["/ip4/192.0.2.7/tcp/4710"],"pid":7,' +
      '"at":"1970-01-01T00:00:01.000Z","http":"http://127.0.0.1:9710"}',
  )
  expect(jsonLine(completed())).toBe(
    '{"type":"session","at":"1970-01-01T00:00:01.600Z","from":"ACKNOWLEDGING","to":"COMPLETED",' +
      '"ms":5,"id":"0123456789","side":"listener","state":"COMPLETED","peerId":"12D3KooWBob",' +
      '"tallyId":"tally","fence":3,"remoteAddress":"/ip4/192.0.2.8/tcp/9","durationMs":600,' +
      '"startedAt":"1970-01-01T00:00:01.000Z","since":"1970-01-01T00:00:01.600Z",' +
      '"endedAt":"1970-01-01T00:00:01.600Z","retries":0,"steps":[{"state":"ACKNOWLEDGING","ms":5}],' +
      '"frames":{"in":1,"out":2},"bytes":{"in":3,"out":4},"transcriptDigest":"d"}',
  )
  expect(jsonLine({ type: 'stopped', at: 0, reason: 'once', cut: 1, parked: 1 })).toBe(
    '{"type":"stopped","at":"1970-01-01T00:00:00.000Z","reason":"once","cut":1,"parked":1}',
  )
})

/** The date, the time and the offset that each line begins with. */
const WHEN = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d[+-]\d\d:\d\d /

const EVENTS: readonly ListenEvent[] = [
  LISTENING,
  completed(),
  { type: 'refused', at: 0, peerId: '12D3KooWEve\u{1b}', code: 'busy' },
  { type: 'problem', at: 0, detail: '\u{1b}[2J' },
  { type: 'stopped', at: 0, reason: 'SIGINT', cut: 3, parked: 1 },
]

it('a line for people tells the same in words, when it was by date and offset, and harms no terminal', () => {
  const texts = EVENTS.map((event) => plainLine(event) ?? '')
  for (const text of texts) expect(text).toMatch(WHEN)
  expect(texts.map((text) => text.replace(WHEN, ''))).toEqual([
    'listening as 12D3KooWAlice on\n  /ip4/192.0.2.7/tcp/4710\n  http://127.0.0.1:9710/readyz',
    '01234567  …3KooWBob  completed  tally tally',
    'refused  …KooWEve\\x1b  too many sessions at once',
    'problem  \\x1b[2J',
    'stopped (interrupted), 1 parked: they go on when their peers come again, 2 cut off',
  ])
})

const FAILED: ListenEvent = {
  ...completed(),
  state: 'FAILED',
  reason: 'peer_ended',
  step: 'AWAITING_ACK',
  peerName: 'Bob \u202eMarsh',
}
const TIMED_OUT: ListenEvent = {
  ...completed(),
  state: 'TIMEOUT',
  reason: 'step_deadline',
  step: 'AWAITING_ACK',
  detail: 'no progress in AWAITING_ACK',
}

it('who has disclosed a name is told by it, harmless, and by the id after that; no code is left in a line', () => {
  expect(plainLine(FAILED)?.replace(WHEN, '')).toBe(
    '01234567  Bob \\u202eMarsh (…3KooWBob)  failed: other side hung up, while awaiting the result',
  )
  expect(plainLine(TIMED_OUT)?.replace(WHEN, '')).toBe(
    '01234567  …3KooWBob  timed out while awaiting the result',
  )
})

it('read out, only endings and what is out of the ordinary are told, without times', () => {
  expect([...EVENTS, FAILED].map((event) => spokenLine(event))).toEqual([
    'Listening as 12D3KooWAlice, on /ip4/192.0.2.7/tcp/4710.',
    'Session with …3KooWBob: completed, tally tally.',
    'Refused …KooWEve\\x1b: too many sessions at once.',
    'Problem: \\x1b[2J.',
    'Stopped: interrupted, 1 parked: they go on when their peers come again, 2 cut off.',
    'Session with Bob \\u202eMarsh (…3KooWBob): failed: other side hung up, while awaiting the result.',
  ])
  const { endedAt: _endedAt, ...underWay } = completed()
  expect(spokenLine({ ...underWay, state: 'AWAITING_ACK' })).toBeUndefined()
})

it('what is only worth a picture has no line', () => {
  expect(plainLine({ type: 'tokens', at: 0, tokens: [], more: 0 })).toBeUndefined()
})

import { expect, it } from 'vitest'
import { jsonLine, plainLine } from '../../../src/cli/lines/listen-lines.ts'
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

function completed(): ListenEvent {
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
  const session = new ToldSessions().moved(summary, path, DEFAULT_SESSION_CONFIG)
  return { type: 'session', at: 9_999, ...session }
}

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

it('a line for people tells the same, and harms no terminal', () => {
  const texts = [
    LISTENING,
    completed(),
    { type: 'refused', at: 0, peerId: '12D3KooWEve\u{1b}', code: 'busy' } as const,
    { type: 'problem', at: 0, detail: '\u{1b}[2J' } as const,
    { type: 'stopped', at: 0, reason: 'SIGINT', cut: 3, parked: 1 } as const,
  ].map((event) => plainLine(event)?.slice('00:00:00'.length))
  expect(texts).toEqual([
    ' listening as 12D3KooWAlice on\n         /ip4/192.0.2.7/tcp/4710\n         http://127.0.0.1:9710/metrics',
    ' 01234567  …3KooWBob  COMPLETED  tally tally',
    ' refused  …KooWEve\\x1b  busy',
    ' problem  \\x1b[2J',
    ' stopped (SIGINT), 1 parked: they go on when their peers come again, 2 cut off',
  ])
})

it('what is only worth a picture has no line', () => {
  expect(plainLine({ type: 'tokens', at: 0, tokens: [], more: 0 })).toBeUndefined()
})

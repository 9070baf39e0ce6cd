import { expect, test } from 'vitest'
import { accessText, relayJsonLine, relayPlainLine } from '../../../src/cli/relay/relay-lines.ts'
import type { RelayNews } from '../../../src/service/relay/relay-news.ts'

const [ALICE, BOB] = ['12D3KooWaaaaAlice111', '12D3KooWbbbbBob22222']
const AT = Date.UTC(2026, 10, 30, 12)

const READY: RelayNews = {
  type: 'ready',
  at: AT,
  startedAt: AT,
  pid: 1,
  peerId: ALICE,
  addresses: ['/ip4/192.0.2.1/tcp/4720'],
  http: 'http://127.0.0.1:9465',
  access: { open: false, peers: 2, token: true },
}

test.each<[RelayNews, string]>([
  [
    { type: 'reserved', at: AT, peer: ALICE, address: '/ip4/192.0.2.1/tcp/1' },
    'reserved Alice111  from /ip4/192.0.2.1/tcp/1',
  ],
  [{ type: 'released', at: AT, peer: ALICE, ms: 61_000 }, 'released Alice111  after 1m1s'],
  [
    { type: 'refused', at: AT, peer: BOB, why: 'not_allowed' },
    'refused  ob22222  may not reserve here',
  ],
  [{ type: 'joined', at: AT, circuit: 1, from: BOB, to: ALICE }, 'joined   ob22222 to Alice111'],
  [
    {
      type: 'parted',
      at: AT,
      circuit: 1,
      from: BOB,
      to: ALICE,
      end: 'closed',
      bytes: 4_096,
      ms: 1_500,
    },
    'parted   ob22222 to Alice111  4KiB in 1.50 s, closed',
  ],
  [
    { type: 'draining', at: AT, circuits: 3, ms: 9_100 },
    'stopping: 3 circuits, 10 s left (signal again to leave now)',
  ],
  [
    { type: 'stopped', at: AT, reason: 'drain', cut: 2 },
    'stopped (asked to by `taleus relay drain`), 2 circuits cut',
  ],
  [{ type: 'problem', at: AT, detail: 'a\u001b[31mb' }, 'problem  a\\x1b[31mb'],
])('%o is one line', (news, text) => {
  expect(relayPlainLine(news).replace(/^\S+ /, '')).toBe(text.replaceAll('ob22222', BOB.slice(-8)))
})

test('it says first where it relays, and who may reserve', () => {
  expect(relayPlainLine(READY).split('\n').slice(1)).toEqual([
    '  /ip4/192.0.2.1/tcp/4720',
    '  http://127.0.0.1:9465/readyz',
    '  may reserve: 2 peers by name, whoever knows the token',
  ])
})

test('who may reserve is anybody, somebody or nobody', () => {
  const [open, peers, token] = [false, 0, false]
  expect(accessText({ open: true, peers, token })).toBe('anybody')
  expect(accessText({ open, peers: 1, token })).toBe('one peer by name')
  expect(accessText({ open, peers, token: true })).toBe('whoever knows the token')
  expect(accessText({ open, peers, token })).toBe('nobody')
})

test('as JSON the type comes first, then the id of the relay, and times are ISO 8601', () => {
  const { at, startedAt, ...rest } = READY as Extract<RelayNews, { type: 'ready' }>
  const document = JSON.parse(relayJsonLine(READY))
  expect(document).toEqual({ ...rest, at: '2026-11-30T12:00:00.000Z' })
  expect(Object.keys(document).slice(0, 3)).toEqual(['type', 'peerId', 'addresses'])
  expect([at, startedAt]).toEqual([AT, AT])
})

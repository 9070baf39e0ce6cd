import { type Board, EMPTY_BOARD } from '../../src/dashboard/board/board.ts'
import { foldEvents } from '../../src/dashboard/board/fold.ts'
import type { FeedEvent, FeedFact, FeedSession } from '../../src/service/feed/event-feed-event.ts'

/** When the listener of these tests began, ms since the epoch. */
export const T0 = 1_800_000_000_000

/** What a reader is told, numbered. */
export function stamped(at: number, ...news: readonly FeedFact[]): readonly FeedEvent[] {
  return news.map((each, seq) => ({ v: 1, seq: seq + 1, at, ...each }))
}

export function ready(): FeedFact {
  return {
    type: 'ready',
    pid: 7,
    peerId: '12D3KooWGRYZ9ffbXqAliceAliceAliceAliceAliceAlice4hQz',
    addresses: ['/ip4/192.168.1.7/tcp/4710', '/ip4/192.168.1.7/tcp/4711/ws'],
    startedAt: T0 - 3_600_000,
    maxSessions: 100,
    ratePerMinute: 10,
    totals: { completed: 41, looked: 0, asked: 0, failed: 2, timedOut: 1, refused: 0 },
  }
}

/** A session that entered a state at that time; it began a second after T0. */
export function moved(
  id: string,
  state: string,
  at: number,
  more: Partial<FeedSession> = {},
): FeedFact {
  const startedAt = T0 + 1_000
  const isOver = ['COMPLETED', 'FAILED', 'TIMEOUT'].includes(state)
  return {
    type: 'session',
    id,
    side: 'listener',
    state,
    peerId: `12D3KooWPeerPeerPeerPeerPeerPeerPeerPeerPeerPeer${id}`,
    startedAt,
    since: at,
    ...(isOver
      ? { endedAt: at, durationMs: at - startedAt }
      : { stepUntil: at + 5_000, until: startedAt + 30_000 }),
    ...more,
  }
}

/** A board that has seen a little of everything, two and a half seconds after T0. */
export function busyBoard(): Board {
  return foldEvents(EMPTY_BOARD, [
    ...stamped(T0, ready()),
    ...stamped(T0 + 1_100, {
      type: 'tokens',
      tokens: [
        {
          id: 'tok1aaaa',
          label: 'bike, lunch Tuesday',
          role: 'stock',
          uses: 1,
          used: 0,
          reserved: 1,
          expiresAt: T0 + 86_400_000,
        },
        {
          id: 'tok2bbbb',
          label: 'till',
          role: 'foil',
          uses: null,
          used: 40,
          reserved: 2,
          expiresAt: T0 + 40_000,
        },
        {
          id: 'tok3cccc',
          role: 'stock',
          uses: 3,
          used: 1,
          reserved: 0,
          expiresAt: T0 + 600_000,
          revokedAt: T0,
        },
      ],
      more: 2,
    }),
    ...stamped(
      T0 + 1_500,
      moved('aaaa1111', 'READING_REQUEST', T0 + 1_500, { from: 'CREATED', ms: 500 }),
      moved('bbbb2222', 'VALIDATING_TOKEN', T0 + 1_500, { tokenId: 'tok1aaaa' }),
      moved('cccc3333', 'PROVISIONING_DB', T0 + 1_500, {
        tokenId: 'tok2bbbb',
        stepUntil: T0 + 11_500,
      }),
    ),
    ...stamped(
      T0 + 2_000,
      moved('bbbb2222', 'VALIDATING_IDENTITY', T0 + 2_000, {
        tokenId: 'tok1aaaa',
        from: 'VALIDATING_TOKEN',
        to: 'VALIDATING_IDENTITY',
        ms: 498.5,
      }),
      moved('dddd4444', 'COMPLETED', T0 + 2_000, {
        tokenId: 'tok2bbbb',
        tallyId: 'tally-1',
        peerName: 'Bob Marsh',
      }),
      moved('eeee5555', 'TIMEOUT', T0 + 2_000, { reason: 'step', step: 'READING_REQUEST' }),
      moved('ffff6666', 'FAILED', T0 + 2_000, { reason: 'expired' }),
    ),
    ...stamped(T0 + 2_200, { type: 'refused', peerId: '12D3KooWEve', code: 'busy' }),
    ...stamped(T0 + 2_300, {
      type: 'audit',
      record: {
        v: 2,
        seq: 812,
        type: 'token',
        severity: 'info',
        at: T0 + 2_000,
        monotonic: 1,
        sessionId: 'bbbb2222',
        data: { event: 'reserved', fence: 4 },
      },
    }),
    ...stamped(T0 + 2_400, {
      type: 'audit',
      record: {
        v: 2,
        seq: 813,
        type: 'security',
        severity: 'alarm',
        at: T0 + 2_400,
        monotonic: 2,
        data: { event: 'token.reuse' },
      },
    }),
    ...stamped(T0 + 2_450, {
      type: 'health',
      active: 3,
      maxSessions: 100,
      totals: { completed: 42, looked: 0, asked: 0, failed: 3, timedOut: 2, refused: 1 },
      addresses: ['/ip4/192.168.1.7/tcp/4710', '/ip4/192.168.1.7/tcp/4711/ws'],
      reached: 'private',
      rssBytes: 110_000_000,
      lagMs: 0,
    }),
  ])
}

import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { EMPTY_BOARD } from '../../../src/dashboard/board/board.ts'
import { foldEvents } from '../../../src/dashboard/board/fold.ts'
import { pickSessions } from '../../../src/dashboard/board/pick-sessions.ts'
import { ratePerSecond } from '../../../src/dashboard/board/pulse.ts'
import type { FeedEvent, FeedFact } from '../../../src/service/feed/event-feed-event.ts'
import { FEED_WORDS } from '../../../src/service/feed/feed-words.ts'
import { busyBoard, moved, ready, stamped, T0 } from '../scenario.ts'

describe('folding events', () => {
  it('is the same all at once or one at a time', () => {
    fc.assert(
      fc.property(fc.array(anEvent(), { maxLength: 60 }), (events) => {
        const one = events.reduce((board, event) => foldEvents(board, [event]), EMPTY_BOARD)
        expect(foldEvents(EMPTY_BOARD, events)).toEqual(one)
      }),
    )
  })

  it('leaves the board it was given as it was', () => {
    const before = busyBoard()
    const copy = structuredClone(before)
    foldEvents(before, stamped(T0 + 3_000, moved('bbbb2222', 'COMPLETED', T0 + 3_000), ready()))
    expect(before).toEqual(copy)
  })

  it('a router that passes nothing on is a problem until it does', () => {
    const addresses = ['/ip4/8.8.4.4/tcp/4710']
    const failed: FeedFact = {
      type: 'router',
      state: 'failed',
      addresses: [],
      problem: 'no answer',
    }
    const mapped: FeedFact = { type: 'router', state: 'mapped', router: '192.168.1.1', addresses }
    const before = foldEvents(EMPTY_BOARD, stamped(T0, mapped))
    expect(before.problem).toBeUndefined()
    const lost = foldEvents(before, stamped(T0 + 1, failed))
    expect(lost.problem).toEqual({ at: T0 + 1, text: 'router: no answer' })
    const back = foldEvents(lost, stamped(T0 + 2, mapped))
    const text = 'router: passes on /ip4/8.8.4.4/tcp/4710'
    expect(back.problem).toEqual({ at: T0 + 2, text, isOver: true })
  })

  it('a session is under way or over, never both, and ends once', () => {
    fc.assert(
      fc.property(fc.array(anEvent(), { maxLength: 120 }), (events) => {
        const board = foldEvents(EMPTY_BOARD, events)
        const over = board.finished.map(({ id }) => id)
        expect(new Set(over).size).toBe(over.length)
        for (const session of board.live.values()) {
          expect(['COMPLETED', 'FAILED', 'TIMEOUT']).not.toContain(session.state)
        }
      }),
    )
  })

  it.each([
    ['a tally', 'COMPLETED', { tallyId: 't' }],
    ['a look', 'COMPLETED', {}],
    ['a failure', 'FAILED', {}],
    ['a deadline', 'TIMEOUT', {}],
  ] as const)('a session that ended in %s is under way no longer', (_what, state, more) => {
    const begun = foldEvents(EMPTY_BOARD, stamped(T0, moved('x', 'VALIDATING_TOKEN', T0)))
    expect([...begun.live.keys()]).toEqual(['x'])
    const board = foldEvents(begun, stamped(T0 + 1, moved('x', state, T0 + 1, more)))
    expect([...board.live.keys()]).toEqual([])
  })

  it('a late word about a session that is over does not end it twice', () => {
    const board = foldEvents(
      busyBoard(),
      stamped(T0 + 4_000, moved('dddd4444', 'COMPLETED', T0, { tallyId: 't' })),
    )
    expect(board.totals).toEqual(busyBoard().totals)
    expect(board.finished).toHaveLength(3)
  })

  it('totals follow each end, and what the listener says is believed', () => {
    const events = stamped(
      T0,
      ready(),
      moved('x', 'COMPLETED', T0, { tallyId: 't' }),
      moved('y', 'TIMEOUT', T0),
    )
    expect(foldEvents(EMPTY_BOARD, events).totals).toMatchObject({ completed: 42, timedOut: 2 })
    expect(busyBoard().totals).toEqual({
      completed: 42,
      looked: 0,
      asked: 0,
      failed: 3,
      timedOut: 2,
      refused: 1,
    })
  })

  it('a new beginning forgets who was under way, and keeps what is over', () => {
    const board = foldEvents(busyBoard(), stamped(T0 + 5_000, ready()))
    expect(board.live.size).toBe(0)
    expect(board.finished).toHaveLength(3)
    expect(board.records).toHaveLength(2)
  })

  it('the way of a session is kept, with the time in each state', () => {
    expect(busyBoard().live.get('bbbb2222')?.passages).toEqual([
      { state: 'VALIDATING_TOKEN', at: T0 + 1_500, ms: 498.5 },
      { state: 'VALIDATING_IDENTITY', at: T0 + 2_000 },
    ])
  })

  it('a record that is told twice is there once', () => {
    const [, , again] = busyBoard().records
    expect(again).toBeUndefined()
    const board = foldEvents(
      busyBoard(),
      stamped(T0, {
        type: 'audit',
        record: { v: 2, seq: 812, type: 'token', severity: 'info', at: T0, monotonic: 1, data: {} },
      }),
    )
    expect(board.records.map(({ seq }) => seq)).toEqual([812, 813])
    const last = foldEvents(
      board,
      stamped(T0, {
        type: 'audit',
        record: { v: 2, seq: 813, type: 'token', severity: 'info', at: T0, monotonic: 1, data: {} },
      }),
    )
    expect(last.records.map(({ seq }) => seq)).toEqual([812, 813])
  })

  it('what a newer listener tells beside is no trouble', () => {
    const events: FeedEvent[] = JSON.parse('[{"v":1,"seq":1,"at":1,"type":"weather"}]')
    expect(foldEvents(busyBoard(), events).live.size).toBe(3)
  })

  it('nothing grows without end', () => {
    const news = Array.from({ length: 5_000 }, (_, n) =>
      moved(`s${n}`, 'COMPLETED', T0 + n, { tallyId: 't' }),
    )
    const codes = Array.from(
      { length: 500 },
      (_, n): FeedFact => ({ type: 'refused', peerId: 'x', code: `c${n}` }),
    )
    const board = foldEvents(EMPTY_BOARD, stamped(T0, ...news, ...codes))
    expect(board.finished.length).toBeLessThanOrEqual(200)
    expect(board.refusals.size).toBeLessThanOrEqual(32)
    expect(board.totals).toMatchObject({ completed: 5_000, refused: 500 })
  })
})

it('the rate is that of the last whole seconds', () => {
  const events = Array.from({ length: 10 }, (_, second) =>
    stamped(
      T0 + second * 1_000,
      moved(`a${second}`, 'COMPLETED', T0, { tallyId: 't' }),
      moved(`b${second}`, 'FAILED', T0),
    ),
  ).flat()
  const { pulse } = foldEvents(EMPTY_BOARD, events)
  expect(ratePerSecond(pulse, T0 + 10_000)).toBe(2)
  expect(ratePerSecond(pulse, T0 + 20_000)).toBe(0)
})

describe('the sessions to show', () => {
  it.each([
    ['a peer', 'cccc3333', ['cccc3333']],
    ['a label', 'lunch', ['bbbb2222']],
    ['a state as it is shown', 'reading request', ['aaaa1111', 'eeee5555']],
    ['a state in the words that are shown', 'reading the request', ['aaaa1111', 'eeee5555']],
    ['a reason', 'EXPIRED', ['ffff6666']],
    ['a name that was disclosed', 'marsh', ['dddd4444']],
    ['two words', 'till completed', ['dddd4444']],
    ['nothing', 'nobody', []],
  ])('fit a filter for %s', (_, filter, ids) => {
    const found = pickSessions(busyBoard(), { filter, sort: 'age' }, FEED_WORDS)
    expect(found.map(({ id }) => id)).toEqual(ids)
  })

  it('come as they are sorted, what is over always last', () => {
    const order = (sort: 'time left' | 'token' | 'age') =>
      pickSessions(busyBoard(), { filter: '', sort }, FEED_WORDS).map(({ id }) => id[0])
    expect(order('age').join('')).toBe('abcfed')
    expect(order('time left').join('')).toBe('abcfed')
    expect(order('token').join('')).toBe('abcfed')
  })
})

function anEvent(): fc.Arbitrary<FeedEvent> {
  const state = fc.constantFrom(
    'READING_REQUEST',
    'VALIDATING_TOKEN',
    'PROVISIONING_DB',
    'COMPLETED',
    'FAILED',
    'TIMEOUT',
  )
  const news = fc.oneof(
    {
      weight: 6,
      arbitrary: fc
        .tuple(fc.constantFrom('a', 'b', 'c', 'd'), state)
        .map(([id, name]) => moved(id, name, T0, { tallyId: 't' })),
    },
    fc.constantFrom<FeedFact>(
      ready(),
      { type: 'refused', peerId: 'x', code: 'busy' },
      { type: 'missed', count: 3 },
      { type: 'draining', active: 1, ms: 1_000 },
      { type: 'stopped', reason: 'once', cut: 0 },
    ),
  )
  return fc
    .tuple(news, fc.nat(60_000))
    .map(([each, ms]) => ({ v: 1, seq: 1, at: T0 + ms, ...each }))
}

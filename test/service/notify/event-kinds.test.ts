import { expect, it } from 'vitest'
import type { FeedEvent } from '../../../src/service/feed/event-feed-event.ts'
import { EVENT_KINDS, kindOf, USUAL_EVENT_KINDS } from '../../../src/service/notify/event-kinds.ts'

const ALL = new Set<string>(EVENT_KINDS)

function event(fact: object): FeedEvent {
  return { v: 1, seq: 1, at: 0, ...fact } as FeedEvent
}

const session = (to: string, more: object = {}) => event({ type: 'session', to, ...more })
const audit = (type: string, severity: string, name: string) =>
  event({ type: 'audit', record: { type, severity, seq: 1, at: 0, data: { event: name } } })

it.each([
  [session('COMPLETED', { tallyId: 't' }), 'redeemed'],
  // It only looked at the offer.
  [session('COMPLETED'), 'session'],
  [session('FAILED'), 'failed'],
  [session('TIMEOUT'), 'failed'],
  [session('AWAITING_ACK'), 'session'],
  [audit('token', 'info', 'expired'), 'expired'],
  [audit('security', 'alarm', 'token.reuse'), 'alarm'],
  [audit('token', 'info', 'issued'), 'audit'],
  [event({ type: 'refused', peerId: 'p', code: 'busy' }), 'refused'],
  [event({ type: 'stopped', reason: 'drain', cut: 0 }), 'stopped'],
  [event({ type: 'health' }), undefined],
  [event({ type: 'ready' }), undefined],
])('%o is of kind %s', (one, kind) => {
  expect(kindOf(one, ALL)).toBe(kind)
})

it('an event of a kind that is not wanted is of the next one that is', () => {
  expect(kindOf(session('FAILED'), new Set(['session', 'redeemed']))).toBe('session')
  expect(kindOf(session('FAILED'), new Set(['redeemed']))).toBeUndefined()
})

it('the usual kinds are among all', () => {
  expect(EVENT_KINDS).toEqual(expect.arrayContaining([...USUAL_EVENT_KINDS]))
})

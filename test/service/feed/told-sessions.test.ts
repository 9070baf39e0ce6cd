import { expect, it } from 'vitest'
import { ToldSessions } from '../../../src/service/feed/told-sessions.ts'
import { DEFAULT_SESSION_CONFIG } from '../../../src/session/config/session-config.ts'
import type { SessionSummary } from '../../../src/session/ports/session-summary.ts'

function summary(state: string, tallyId?: string): SessionSummary {
  const base = { id: 's1', side: 'listener' as const, peerId: '12D3KooWBob', startedAt: 1_000 }
  return { ...base, state, ...(tallyId === undefined ? {} : { tallyId }) }
}

function moved(told: ToldSessions, state: string, tallyId?: string) {
  return told.moved(summary(state, tallyId), [], DEFAULT_SESSION_CONFIG)
}

it('a session bears the name of its peer from when it is known, in moves that came before, too', () => {
  const told = new ToldSessions()
  const first = moved(told, 'SENDING_RESPONSE', 't1')
  const second = moved(told, 'AWAITING_ACK', 't1')
  expect(first.inWords()).not.toHaveProperty('peerName')
  first.peer.name = 'Bob'
  expect(first.inWords()).toMatchObject({ state: 'SENDING_RESPONSE', peerName: 'Bob' })
  expect(second.inWords()).toMatchObject({ state: 'AWAITING_ACK', peerName: 'Bob' })
  expect(told.sessions).toMatchObject([{ state: 'AWAITING_ACK', peerName: 'Bob' }])
  expect(moved(told, 'COMPLETED', 't1').inWords()).toMatchObject({ peerName: 'Bob' })
})

it('a session that is over is counted and no longer under way, though nobody reads', () => {
  const told = new ToldSessions()
  moved(told, 'AWAITING_ACK', 't1')
  moved(told, 'COMPLETED', 't1')
  expect(told.sessions).toEqual([])
  expect(told.totals).toMatchObject({ completed: 1 })
})

it('each way to end has a count of its own: who waits for a yes or no has not failed', () => {
  const told = new ToldSessions()
  const ended = (state: string, more: Partial<SessionSummary> = {}) =>
    told.moved({ ...summary(state), ...more }, [], DEFAULT_SESSION_CONFIG)
  ended('FAILED', { reason: 'pending' })
  ended('FAILED', { reason: 'expired' })
  ended('TIMEOUT', { reason: 'step_deadline' })
  ended('COMPLETED')
  ended('COMPLETED', { tallyId: 't1' })
  const once = { completed: 1, looked: 1, asked: 1, failed: 1, timedOut: 1, refused: 0 }
  expect(told.totals).toEqual(once)
})

it('a peer that disclosed no name has none', () => {
  const told = new ToldSessions()
  expect(moved(told, 'AWAITING_ACK', 't1').inWords()).not.toHaveProperty('peerName')
})

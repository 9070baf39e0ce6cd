import { expect, it, vi } from 'vitest'
import { ToldSessions } from '../../../src/service/feed/told-sessions.ts'
import { DEFAULT_SESSION_CONFIG } from '../../../src/session/config/session-config.ts'
import type { SessionSummary } from '../../../src/session/ports/session-summary.ts'

function summary(state: string, tallyId?: string): SessionSummary {
  const base = { id: 's1', side: 'listener' as const, peerId: '12D3KooWBob', startedAt: 1_000 }
  return { ...base, state, ...(tallyId === undefined ? {} : { tallyId }) }
}

it('a session bears the name that its peer disclosed as soon as there is a tally, asked for once', () => {
  const nameOf = vi.fn<(tallyId: string) => string | undefined>(() => 'Bob')
  const told = new ToldSessions(nameOf)
  const moved = (state: string, tallyId?: string) =>
    told.moved(summary(state, tallyId), [], DEFAULT_SESSION_CONFIG)()
  expect(moved('PROVISIONING_DB')).not.toHaveProperty('peerName')
  expect(moved('SENDING_RESPONSE', 't1')).toMatchObject({ peerName: 'Bob' })
  expect(moved('AWAITING_ACK', 't1')).toMatchObject({ peerName: 'Bob' })
  expect(told.sessions).toMatchObject([{ peerName: 'Bob' }])
  expect(nameOf).toHaveBeenCalledTimes(1)
  expect(nameOf).toHaveBeenCalledWith('t1')
})

it('nobody is asked for a name that nobody reads, and it is there for a reader who comes later', () => {
  const nameOf = vi.fn<(tallyId: string) => string | undefined>(() => 'Bob')
  const told = new ToldSessions(nameOf)
  told.moved(summary('SENDING_RESPONSE', 't1'), [], DEFAULT_SESSION_CONFIG)
  told.moved(summary('AWAITING_ACK', 't1'), [], DEFAULT_SESSION_CONFIG)
  expect(nameOf).not.toHaveBeenCalled()
  expect(told.sessions).toMatchObject([{ state: 'AWAITING_ACK', peerName: 'Bob' }])
})

it('a session that is over is counted and no longer under way, though nobody reads', () => {
  const told = new ToldSessions()
  told.moved(summary('AWAITING_ACK', 't1'), [], DEFAULT_SESSION_CONFIG)
  told.moved(summary('COMPLETED', 't1'), [], DEFAULT_SESSION_CONFIG)
  expect(told.sessions).toEqual([])
  expect(told.totals).toMatchObject({ completed: 1 })
})

it('a peer that disclosed no name has none', () => {
  const told = new ToldSessions()
  const session = told.moved(summary('AWAITING_ACK', 't1'), [], DEFAULT_SESSION_CONFIG)()
  expect(session).not.toHaveProperty('peerName')
})

import { expect, it, vi } from 'vitest'
import { ToldSessions } from '../../../src/service/feed/told-sessions.ts'
import { DEFAULT_SESSION_CONFIG } from '../../../src/session/config/session-config.ts'
import type { SessionSummary } from '../../../src/session/ports/store.ts'

function summary(state: string, tallyId?: string): SessionSummary {
  const base = { id: 's1', side: 'listener' as const, peerId: '12D3KooWBob', startedAt: 1_000 }
  return { ...base, state, ...(tallyId === undefined ? {} : { tallyId }) }
}

it('a session bears the name that its peer disclosed as soon as there is a tally, asked for once', () => {
  const told = new ToldSessions()
  const nameOf = vi.fn<(tallyId: string) => string | undefined>(() => 'Bob')
  const moved = (state: string, tallyId?: string) =>
    told.moved(summary(state, tallyId), [], DEFAULT_SESSION_CONFIG, nameOf)
  expect(moved('PROVISIONING_DB')).not.toHaveProperty('peerName')
  expect(moved('SENDING_RESPONSE', 't1')).toMatchObject({ peerName: 'Bob' })
  expect(moved('AWAITING_ACK', 't1')).toMatchObject({ peerName: 'Bob' })
  expect(told.sessions).toMatchObject([{ peerName: 'Bob' }])
  expect(nameOf).toHaveBeenCalledTimes(1)
  expect(nameOf).toHaveBeenCalledWith('t1')
})

it('a peer that disclosed no name has none', () => {
  const session = new ToldSessions().moved(
    summary('AWAITING_ACK', 't1'),
    [],
    DEFAULT_SESSION_CONFIG,
    () => undefined,
  )
  expect(session).not.toHaveProperty('peerName')
})

import { expect, it } from 'vitest'
import { isWantedEvent } from '../../../src/cli/sessions/wanted-event.ts'
import type { FeedEvent } from '../../../src/service/feed/event-feed-event.ts'
import { ASKED_STATE } from '../../../src/service/sessions/session-history.ts'

const PEER = '12D3KooWBobXYZ'

function ended(state: string, more: { readonly reason?: string } = {}): FeedEvent {
  const about = { side: 'listener', peerId: PEER, tokenId: 'token-1', startedAt: 1 } as const
  return { v: 1, seq: 1, at: 1, type: 'session', id: 's', state, ...about, since: 1, ...more }
}

const wants = (event: FeedEvent, filter: object): boolean =>
  isWantedEvent(event, { ...filter, limit: 1 })

it('who asks first is watched by that state, as it is listed, and not as one that has failed', () => {
  const asked = ended('FAILED', { reason: 'pending' })
  expect(wants(asked, { state: ASKED_STATE })).toBe(true)
  expect(wants(asked, { state: 'FAILED' })).toBe(false)
  const failed = ended('FAILED', { reason: 'expired' })
  expect(wants(failed, { state: ASKED_STATE })).toBe(false)
  expect(wants(failed, { state: 'FAILED' })).toBe(true)
})

it('a session is watched by its side, the beginning of its invitation, and either end of its peer', () => {
  const event = ended('COMPLETED')
  for (const filter of [{}, { side: 'listener' }, { tokenId: 'token' }, { peerId: '12D3' }])
    expect(wants(event, filter)).toBe(true)
  expect(wants(event, { peerId: 'XYZ' })).toBe(true)
  for (const filter of [{ side: 'dialer' }, { tokenId: 'oken' }, { peerId: 'Bob' }])
    expect(wants(event, filter)).toBe(false)
})

it('that events were missed concerns every watcher, and what is no session none', () => {
  const missed: FeedEvent = { v: 1, seq: 1, at: 1, type: 'missed', count: 3 }
  expect(wants(missed, { state: 'FAILED' })).toBe(true)
  const refused: FeedEvent = { v: 1, seq: 1, at: 1, type: 'refused', peerId: PEER, code: 'busy' }
  expect(wants(refused, {})).toBe(false)
})

import { expect, it } from 'vitest'
import type { Refusal } from '../../../src/protocol/message/messages.ts'
import { dialerStep } from '../../../src/session/machine/dialer-table.ts'
import { plan } from '../../support/session/machine/sample-states.ts'

const PENDING: Refusal = {
  type: 'ProvisioningResult',
  approved: false,
  code: 'pending',
  reason: 'the inviter has yet to say yes',
  retryAfterMs: 30_000,
  pendingUntil: 1_900_000_000_000,
}

it('a request that waits for the inviter ends the session, not the attempt, and says until when', () => {
  const state = { name: 'AWAITING_RESPONSE', plan: plan('stock') } as const
  const { state: after, changes } = dialerStep(state, { type: 'refusal', refusal: PENDING })
  const { retryAfterMs, pendingUntil } = PENDING
  expect(after).toMatchObject({
    name: 'FAILED',
    failure: { reason: 'pending', retryAfterMs, pendingUntil },
  })
  expect(changes).toEqual([])
})

it('an inviter who asks a person about a tally that both had has lost it, and that is noted', () => {
  const kept = { tallyId: 'tally-1', redemptionId: 'redemption-1', since: 1 }
  const state = { name: 'AWAITING_RESPONSE', plan: plan('stock', { kept }) } as const
  const { state: after, changes } = dialerStep(state, { type: 'refusal', refusal: PENDING })
  expect(after).toMatchObject({ name: 'FAILED', failure: { reason: 'response_invalid' } })
  expect(changes).toMatchObject([{ type: 'noteDenied', kept }])
})

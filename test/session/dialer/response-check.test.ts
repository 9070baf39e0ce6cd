import { describe, expect, it } from 'vitest'
import type { Approval, Offer } from '../../../src/protocol/message/messages.ts'
import { responseProblem } from '../../../src/session/dialer/response-check.ts'
import type { Plan } from '../../../src/session/machine/dialer-state.ts'

const TERMS = { limit: 200 }

/** The inviter leaves the building to us. */
const PLAN: Plan = {
  sessionId: 's',
  attemptId: 'a',
  bootstrapId: 'b',
  tokenId: 't',
  inviter: 'alice',
  localPeer: 'bob',
  role: 'foil',
  expiresAt: 1_900_000_000,
  addresses: [],
  identity: {},
  cadre: [],
  another: false,
  inspectFirst: true,
}

const APPROVAL: Approval = {
  type: 'ProvisioningResult',
  approved: true,
  sessionId: 's',
  redemptionId: 'r',
  role: 'foil',
  partyId: 'alice',
  identity: {},
  cadre: [],
  terms: TERMS,
  tallyId: 'tally',
  approvedAt: 1,
  buildWithinMs: 10_000,
}

const OFFER: Offer = {
  type: 'Offer',
  role: 'foil',
  terms: TERMS,
  required: [],
  optional: [],
  expiresAt: PLAN.expiresAt,
}

const OTHER_TERMS = 'the terms are not the ones that were offered'

describe('an approval', () => {
  it('that fits the link, the offer and the agreement is good', () => {
    const consented = { terms: TERMS, required: [] }
    expect(responseProblem(PLAN, APPROVAL, undefined)).toBeUndefined()
    expect(responseProblem({ ...PLAN, consented }, APPROVAL, OFFER)).toBeUndefined()
  })

  it('on other terms than were offered on this stream is none, and nor on others than were agreed to before', () => {
    const other = { ...APPROVAL, terms: { limit: 900 } }
    expect(responseProblem(PLAN, other, OFFER)).toBe(OTHER_TERMS)
    const consented = { terms: TERMS, required: [] }
    expect(responseProblem({ ...PLAN, consented }, other, undefined)).toBe(OTHER_TERMS)
  })

  it.each([
    [{ partyId: 'eve' }, 'the party id is not the one in the link'],
    [{ role: 'stock' }, 'the role is not the one in the link'],
  ] as const)('of somebody or something else is none: %j', (other, words) => {
    expect(responseProblem(PLAN, { ...APPROVAL, ...other }, OFFER)).toBe(words)
  })

  it('that leaves nothing to build, or no time for it, is none', () => {
    const { buildWithinMs: _, ...timeless } = APPROVAL
    expect(responseProblem(PLAN, timeless, OFFER)).toContain('left the building to us')
  })
})

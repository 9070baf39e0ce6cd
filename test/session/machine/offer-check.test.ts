import { describe, expect, it } from 'vitest'
import type { Offer } from '../../../src/protocol/message/messages.ts'
import type { Plan } from '../../../src/session/machine/dialer-state.ts'
import { offerDifference } from '../../../src/session/machine/offer-check.ts'

const OFFER: Offer = {
  type: 'Offer',
  role: 'stock',
  terms: { limit: [1, 2], currency: 'EUR' },
  required: ['name', 'email'],
  optional: [],
  expiresAt: 1_900_000_000,
}

const PLAN: Plan = {
  sessionId: 's',
  attemptId: 'a',
  bootstrapId: 'b',
  tokenId: 't',
  inviter: 'alice',
  localPeer: 'bob',
  role: 'stock',
  expiresAt: 1_900_000_000,
  addresses: [],
  identity: {},
  cadre: [],
  another: false,
  inspectFirst: true,
}

const CONSENTED = { terms: OFFER.terms, required: OFFER.required }

describe('an offer', () => {
  it('that is what the link says needs no more, and one that was agreed to must be the same', () => {
    expect(offerDifference(PLAN, OFFER)).toBeUndefined()
    const again = { ...OFFER, terms: { currency: 'EUR', limit: [1, 2] } }
    expect(offerDifference({ ...PLAN, consented: CONSENTED }, again)).toBeUndefined()
  })

  it.each([
    [{ role: 'foil' }, 'the role is not the one in the link'],
    [{ expiresAt: OFFER.expiresAt - 1 }, 'the expiry is not the one in the link'],
    [{ expiresAt: OFFER.expiresAt + 1 }, 'the expiry is not the one in the link'],
  ] as const)('that is not what the link says is told: %j', (other, words) => {
    expect(offerDifference(PLAN, { ...OFFER, ...other })).toBe(words)
  })

  it.each([
    [{ terms: null }, 'the terms are not the ones that were agreed to'],
    [
      { terms: { limit: [2, 1], currency: 'EUR' } },
      'the terms are not the ones that were agreed to',
    ],
    [{ terms: { limit: [1, 2] } }, 'the terms are not the ones that were agreed to'],
    [{ required: ['name'] }, 'other disclosures are required than before'],
    [{ required: ['name', 'email', 'phone'] }, 'other disclosures are required than before'],
  ])('that is not what was agreed to is told: %j', (other, words) => {
    expect(offerDifference({ ...PLAN, consented: CONSENTED }, { ...OFFER, ...other })).toBe(words)
    // Nobody has agreed to anything yet.
    expect(offerDifference(PLAN, { ...OFFER, ...other })).toBeUndefined()
  })
})

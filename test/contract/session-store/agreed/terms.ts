import { beforeEach, describe, expect, it } from 'vitest'
import type { Grant } from '../../../../src/session/machine/listener-state.ts'
import type { ReserveRequest } from '../../../../src/session/ports/uses/reservation.ts'
import { HOLD, requestOf, T0 } from '../../../store/fixtures.ts'
import type { EngineUnderTest } from '../engine.ts'
import { factsOf, StoreDriver } from '../store-driver.ts'

const OLD = { required: [], optional: [], terms: null }
const NEW = { required: ['name'], optional: ['phone'], terms: { price: 2 } }
const NEWEST = { ...NEW, terms: { price: 3 } }

export function describeTerms(engine: EngineUnderTest): void {
  describe('an invitation whose terms were changed', () => {
    const on = new StoreDriver(engine)
    let before: Grant
    beforeEach(async () => {
      before = { ...(await on.issue('many', null)), revision: 0 }
    })
    const change = (terms = NEW) => on.engine.changeTerms('many', terms)
    const now = (): Grant => ({ ...before, ...NEW, revision: 1 })
    const prospect = (peerId: string) =>
      on.lookups.redemptions.prospect({ grant: now(), peerId, another: false })

    it('is granted on the new ones, and each change counts once', async () => {
      await change()
      await change()
      expect(await on.lookups.tokens.grantOf('many')).toMatchObject({ ...NEW, revision: 1 })
      await change(NEWEST)
      expect(await on.lookups.tokens.grantOf('many')).toMatchObject({ ...NEWEST, revision: 2 })
    })

    it('gives whoever comes later a use on the new ones, and on no older ones', async () => {
      await change()
      expect(await on.reserve(requestOf(before, 'bob'))).toMatchObject({
        ...{ kind: 'refused', code: 'busy' },
        retryAfterMs: expect.any(Number),
      })
      expect(await on.inspect.token('many')).toMatchObject({ reserved: 0 })
      expect(await on.reserve(requestOf(now(), 'bob'))).not.toHaveProperty('offered')
      expect(await prospect('bob')).toEqual({ kind: 'own', isAnswered: false })
    })

    it('gives what a hook grants that does not know of changes', async () => {
      const { revision: _, ...grant } = before
      await change()
      expect((await on.reserve(requestOf(grant, 'bob'))).kind).toBe('reserved')
    })

    it('keeps for whoever has reserved the terms of then, however often they change', async () => {
      const claim = await on.claim(requestOf(before, 'bob'))
      await change()
      await change(NEWEST)
      const grant = { ...before, ...NEWEST, revision: 2 }
      expect(await prospect('bob')).toEqual({ kind: 'own', isAnswered: false, offered: OLD })
      expect(await on.reserve(requestOf(grant, 'bob'))).toMatchObject({
        ...{ kind: 'reserved', offered: OLD },
        claim: { redemptionId: claim.redemptionId },
      })
    })

    it('answers whoever was answered as then, also after a refusal by the token hook', async () => {
      await on.commit(await on.claim(requestOf(before, 'bob')))
      await change()
      expect(await prospect('bob')).toEqual({ kind: 'own', isAnswered: true, offered: OLD })
      const again = requestOf(now(), 'bob', { isOfferOld: true })
      expect(await on.reserve(again)).toMatchObject({ kind: 'replayed', offered: OLD })
      const { grant: _, ...request } = again
      const asked = { op: 'resume', request, tokenId: 'many', denied: 'revoked' } as const
      expect(await on.ask({ ...asked, facts: factsOf('bob') })).toMatchObject({
        outcome: { kind: 'replayed', offered: OLD },
      })
    })

    it('gives another use of the same peer on the new ones', async () => {
      await on.commit(await on.claim(requestOf(before, 'bob')))
      await change()
      const another = requestOf(now(), 'bob', { bootstrapId: 'second', another: true })
      const second = await on.reserve(another)
      expect(second).toMatchObject({ kind: 'reserved', claim: { use: 2 } })
      expect(second).not.toHaveProperty('offered')
    })

    it('gives nothing new to a peer that has agreed to others, and says so', async () => {
      const refused = requestOf(now(), 'bob', { isOfferOld: true })
      expect(await on.reserve(refused)).toMatchObject({ kind: 'refused', code: 'offer_changed' })
      expect(await on.inspect.token('many')).toMatchObject({ reserved: 0 })
      await on.engine.revokeToken('many', T0)
      expect(await on.reserve(refused)).toMatchObject({ code: 'revoked' })
    })

    it('gives a use that lapsed on the new ones', async () => {
      const claim = await on.claim(requestOf(before, 'bob'))
      await change()
      await on.release(claim, 'many')
      expect(await prospect('bob')).toEqual({ kind: 'free' })
      const later = requestOf(now(), 'bob', { now: T0 + 2 * HOLD })
      expect(await on.reserve(later)).not.toHaveProperty('offered')
    })
  })

  describe('a foreign token whose hook tells of other terms', () => {
    const on = new StoreDriver(engine)
    const grant = (terms: Partial<Grant> = {}): Grant => ({
      ...{ tokenId: 'foreign', role: 'stock', expiresAt: T0 + 10 * HOLD, usesAllowed: null },
      ...OLD,
      ...terms,
    })
    const reserve = (terms: Partial<Grant>, peer: string, more: Partial<ReserveRequest> = {}) =>
      on.reserve(requestOf(grant(terms), peer, more))

    it('is given on these, and whoever has reserved keeps the terms of then', async () => {
      expect(await reserve(OLD, 'bob')).toMatchObject({ kind: 'reserved' })
      const carols = await reserve(NEW, 'carol')
      expect(carols).toMatchObject({ kind: 'reserved' })
      expect(carols).not.toHaveProperty('offered')
      expect(await reserve(NEW, 'bob')).toMatchObject({ kind: 'reserved', offered: OLD })
      expect(await reserve(NEW, 'carol')).not.toHaveProperty('offered')
      expect((await on.lookups.tokens.grantOf('foreign'))?.revision).toBe(1)
    })

    it('is given to nobody who has agreed to others', async () => {
      const refused = await reserve(NEW, 'bob', { isOfferOld: true })
      expect(refused).toMatchObject({ kind: 'refused', code: 'offer_changed' })
      expect((await reserve(NEW, 'bob')).kind).toBe('reserved')
    })
  })
}

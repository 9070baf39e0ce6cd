import { beforeEach, describe, expect, it } from 'vitest'
import type { RefusalCode } from '../../../src/protocol/message/messages.ts'
import type { Grant } from '../../../src/session/machine/listener-state.ts'
import { claimOf, HOLD, HOUR, requestOf, T0 } from '../../store/fixtures.ts'
import type { EngineUnderTest } from './engine.ts'
import { factsOf, StoreDriver } from './store-driver.ts'

export function describeResuming(engine: EngineUnderTest): void {
  describe('a peer that is refused by the token hook', () => {
    const on = new StoreDriver(engine)
    let grant: Grant
    beforeEach(async () => {
      grant = await on.issue('many', 3)
    })
    const resume = async (request = requestOf(grant, 'bob'), denied: RefusalCode = 'expired') => {
      const { grant: _, ...asked } = request
      const facts = factsOf(request.peerId, request.sessionId)
      return on.ask({ op: 'resume', request: asked, tokenId: 'many', denied, facts })
    }

    it('gets nothing if it has nothing', async () => {
      expect(await resume()).toEqual({})
    })

    it('keeps a reservation without an answer as it is', async () => {
      const claim = await on.claim(requestOf(grant, 'bob'))
      expect(await resume(requestOf(grant, 'bob', { now: T0 + 2 * HOLD }))).toEqual({})
      expect(await on.lookups.redemptions.lapsed(T0 + HOLD + 1, 10)).toMatchObject([{ claim }])
      expect(await on.commit(claim)).toBe('applied')
    })

    it('goes on with a delegated redemption, and the fence passes to the new session', async () => {
      const claim = await on.claim(requestOf(grant, 'bob'))
      expect(await on.delegated(claim)).toBe('applied')
      const found = await resume()
      expect(found).toMatchObject({
        grant,
        outcome: { kind: 'replayed', claim: { ...claim, fence: claim.fence + 1 } },
      })
      expect(await on.commit(claim)).toBe('fence')
      if (found.outcome === undefined) throw new Error('nothing was found')
      expect(await on.commit(claimOf(found.outcome))).toBe('applied')
    })

    it('gets its answer again, with the grant as it is stored, whatever became of the token', async () => {
      const claim = await on.claim(requestOf(grant, 'bob'))
      await on.commit(claim)
      await on.engine.revokeToken('many', T0 + 1)
      const found = await resume(requestOf(grant, 'bob', { now: T0 + 100 * HOUR }), 'revoked')
      expect(found).toMatchObject({ grant, outcome: { kind: 'replayed', claim } })
    })

    it('hears no more than the refusal if it comes with other content', async () => {
      await on.commit(await on.claim(requestOf(grant, 'bob')))
      expect(await resume(requestOf(grant, 'bob', { requestHash: 'other' }))).toEqual({})
    })

    it('hears that it is under way, or withdrawn', async () => {
      const first = requestOf(grant, 'bob')
      const claim = await on.claim(first)
      await on.delegated(claim)
      const running = new Set([first.sessionId])
      expect(await resume(requestOf(grant, 'bob', { running }))).toMatchObject({
        outcome: { kind: 'refused', code: 'in_progress' },
      })
      await on.commit(claim)
      const { redemptionId, fence, tallyId } = claim
      const order = { tallyId, redemptionId, fence, sessionId: 's', peerId: 'bob', reason: 'old' }
      await on.apply({ op: 'withdrawOffer', order, lastGivenBefore: T0 + 1, now: T0 + 1 })
      expect(await resume()).toMatchObject({ outcome: { kind: 'refused', code: 'withdrawn' } })
      expect(await on.reserve(requestOf(grant, 'bob'))).toMatchObject({ code: 'withdrawn' })
    })

    it('is an alarm if the secret was used up by others, and none if the answer is its own', async () => {
      expect((await on.apply(toResume('used'))).records).toMatchObject([
        { severity: 'alarm', data: { event: 'token.reuse', code: 'used' } },
      ])
      expect((await on.apply(toResume('expired'))).records).toEqual([])
      await on.commit(await on.claim(requestOf(grant, 'bob')))
      expect((await on.apply(toResume('used'))).records).toEqual([])
    })

    const toResume = (denied: RefusalCode) => {
      const { grant: _, ...request } = requestOf(grant, 'bob')
      return { op: 'resume', request, tokenId: 'many', denied, facts: factsOf() } as const
    }
  })

  describe('a peer that has something under way', () => {
    const on = new StoreDriver(engine)
    let grant: Grant
    beforeEach(async () => {
      grant = await on.issue('one', 1)
    })
    const holds = (peerId: string) => on.lookups.redemptions.holdsAny(peerId)
    const bobs = () => on.claim(requestOf(grant, 'bob'))

    it('is known by it, and nobody else is', async () => {
      expect(await holds('bob')).toBe(false)
      const { redemptionId } = await bobs()
      expect([await holds('bob'), await holds('carol')]).toEqual([true, false])
      const { knows } = on.lookups.redemptions
      expect(await knows(redemptionId, 'one', 'bob')).toBe(true)
      expect(await knows(redemptionId, 'one', 'carol')).toBe(false)
      expect(await knows(redemptionId, 'two', 'bob')).toBe(false)
      expect(await knows('other', 'one', 'bob')).toBe(false)
    })

    it('is not any more when its use was given back', async () => {
      const claim = await bobs()
      await on.release(claim, 'one')
      expect(await holds('bob')).toBe(false)
      expect(await on.lookups.redemptions.knows(claim.redemptionId, 'one', 'bob')).toBe(false)
    })

    it('is until it has acknowledged the answer', async () => {
      const { redemptionId, ...claim } = await bobs()
      await on.commit({ redemptionId, ...claim })
      expect(await holds('bob')).toBe(true)
      await on.confirm(redemptionId, 'bob')
      expect(await holds('bob')).toBe(false)
      expect(await on.lookups.redemptions.knows(redemptionId, 'one', 'bob')).toBe(true)
    })

    it('is not any more when the answer was withdrawn', async () => {
      const claim = await bobs()
      await on.commit(claim)
      const { redemptionId, fence, tallyId } = claim
      const order = { tallyId, redemptionId, fence, sessionId: 's', peerId: 'bob', reason: 'old' }
      const write = { op: 'withdrawOffer', order, lastGivenBefore: T0 + 1, now: T0 + HOUR } as const
      expect(await on.ask(write)).toEqual({ isDone: true })
      expect(await holds('bob')).toBe(false)
      expect(await on.lookups.redemptions.response(redemptionId)).toBeUndefined()
    })
  })
}

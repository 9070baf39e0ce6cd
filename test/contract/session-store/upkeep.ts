import { describe, expect, it } from 'vitest'
import { HOUR, requestOf, T0 } from '../../store/fixtures.ts'
import type { EngineUnderTest } from './engine.ts'
import { StoreDriver, toCommit } from './store-driver.ts'

export function describeUpkeep(engine: EngineUnderTest): void {
  describe('a notice to the token hook', () => {
    const on = new StoreDriver(engine)
    const owed = async (peer: string, dueAt: number) => {
      const grant = await on.issue(`of-${peer}`, 1)
      const claim = await on.claim(requestOf(grant, peer))
      const { redemptionId, fence } = claim
      const about = { redemptionId, tokenId: grant.tokenId, fence, sessionId: 's', peerId: peer }
      await on.apply(toCommit(claim, { notice: { notice: about, dueAt } }))
      return about
    }

    it('is owed with the commit, from its time on', async () => {
      const [bobs, carols] = [await owed('bob', T0 + 5), await owed('carol', T0 + 1)]
      const { due, find } = on.lookups.notices
      expect(await due(T0, 10)).toEqual([])
      expect((await due(T0 + 5, 10)).map(({ peerId }) => peerId)).toEqual(['carol', 'bob'])
      expect(await due(T0 + 5, 1)).toHaveLength(1)
      expect(await find(carols.redemptionId)).toEqual({
        ...carols,
        since: T0,
        tries: 0,
        nextAt: T0 + 1,
      })
      expect(await find(bobs.redemptionId)).toMatchObject({ nextAt: T0 + 5 })
      expect(await find('none')).toBeUndefined()
    })

    it('that failed is tried later, and over when it arrived', async () => {
      const { redemptionId } = await owed('bob', T0)
      const { due, find } = on.lookups.notices
      await on.apply({ op: 'failNotice', redemptionId, error: 'away', nextAt: T0 + 9 })
      expect(await find(redemptionId)).toMatchObject({
        tries: 1,
        lastError: 'away',
        nextAt: T0 + 9,
      })
      expect(await due(T0 + 8, 10)).toEqual([])
      await on.apply({ op: 'settleNotice', redemptionId })
      expect(await find(redemptionId)).toBeUndefined()
      await on.apply({ op: 'failNotice', redemptionId, error: 'away', nextAt: T0 })
      expect(await due(T0 + 99, 10)).toEqual([])
    })

    it('is not owed by a commit that is lost', async () => {
      const claim = await on.claim(requestOf(await on.issue('one', 1), 'bob'))
      await on.claim(requestOf(await on.issue('two', 1), 'bob'))
      const { redemptionId } = claim
      const notice = { redemptionId, tokenId: 'one', fence: 1, sessionId: 's', peerId: 'bob' }
      const old = { ...claim, fence: claim.fence - 1 }
      expect(await on.commit(old, { notice: { notice, dueAt: T0 } })).toBe('fence')
      expect(await on.lookups.notices.find(redemptionId)).toBeUndefined()
    })
  })

  describe('an invitation that has expired', () => {
    const on = new StoreDriver(engine)
    const isDue = (now: number) => on.lookups.tokens.hasExpired(now)
    const note = async (now: number, limit = 10) =>
      (await on.ask({ op: 'noteExpiries', now, monotonic: 1, limit })).expired

    it('is noted once, the oldest first, and recorded', async () => {
      await on.issue('later', 2, T0 + 20)
      await on.issue('first', null, T0 + 10)
      await on.issue('never', 1, T0 + HOUR)
      expect([await isDue(T0 + 9), await isDue(T0 + 10)]).toEqual([false, true])
      expect(await note(T0 + 20, 1)).toEqual([
        { tokenId: 'first', expiresAt: T0 + 10, uses: null, used: 0 },
      ])
      expect(await note(T0 + 20)).toEqual([
        { tokenId: 'later', expiresAt: T0 + 20, uses: 2, used: 0 },
      ])
      expect(await note(T0 + 20)).toBeUndefined()
      expect(await isDue(T0 + 20)).toBe(false)
      expect(await on.records()).toMatchObject([
        { tokenId: 'first', data: { event: 'expired', uses: null, used: 0 } },
        { tokenId: 'later', data: { event: 'expired', uses: 2, used: 0 } },
      ])
    })

    it('has to wait while its last uses are reserved, and is no news if they were used up', async () => {
      const grant = await on.issue('one', 1, T0 + 10)
      const claim = await on.claim(requestOf(grant, 'bob'))
      expect([await isDue(T0 + 10), await note(T0 + 10)]).toEqual([false, undefined])
      await on.commit(claim)
      expect(await isDue(T0 + 10)).toBe(true)
      expect(await note(T0 + 10)).toEqual([])
      expect(await note(T0 + 10)).toBeUndefined()
    })

    it('tells how many of its uses led to a tally', async () => {
      const grant = await on.issue('three', 3, T0 + 10)
      await on.commit(await on.claim(requestOf(grant, 'bob')))
      await on.claim(requestOf(grant, 'carol'))
      expect(await note(T0 + 10)).toEqual([
        { tokenId: 'three', expiresAt: T0 + 10, uses: 3, used: 1 },
      ])
    })

    it('is not noted if it was revoked, or is a foreign hook’s', async () => {
      await on.issue('revoked', 1, T0 + 10)
      await on.engine.revokeToken('revoked', T0)
      const grant = { ...(await on.issue('ours', 1)), tokenId: 'foreign', expiresAt: T0 + 10 }
      const claim = await on.claim(requestOf(grant, 'bob'))
      await on.release(claim, 'foreign')
      expect(await isDue(T0 + 10)).toBe(false)
      expect(await note(T0 + 10)).toBeUndefined()
    })
  })
}

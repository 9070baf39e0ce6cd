import { beforeEach, describe, expect, it } from 'vitest'
import type { Grant } from '../../../src/session/machine/listener-state.ts'
import { grantOf, HOUR, requestOf, T0 } from '../../store/fixtures.ts'
import type { EngineUnderTest } from './engine.ts'
import { StoreDriver, toCommit } from './store-driver.ts'

export function describeUses(engine: EngineUnderTest): void {
  describe('a one-time token', () => {
    const on = new StoreDriver(engine)
    let grant: Grant
    beforeEach(async () => {
      grant = await on.issue('one', 1)
    })

    it('goes to the first peer, and the second is told to come back', async () => {
      const first = await on.reserve(requestOf(grant, 'bob'))
      expect(first).toMatchObject({ kind: 'reserved', claim: { use: 1, approvedAt: T0 } })
      const second = await on.reserve(requestOf(grant, 'carol'))
      expect(second).toMatchObject({ kind: 'refused', code: 'in_progress', retryAfterMs: 1_000 })
    })

    it('is used up for others once it is committed', async () => {
      expect(await on.commit(await on.claim(requestOf(grant, 'bob')))).toBe('applied')
      const second = await on.reserve(requestOf(grant, 'carol'))
      expect(second).toMatchObject({ kind: 'refused', code: 'used' })
    })

    it('is free again after a release, with the same use number and another tally', async () => {
      const first = await on.claim(requestOf(grant, 'bob'))
      expect(await on.release(first, 'one')).toBe(true)
      const second = await on.claim(requestOf(grant, 'carol'))
      expect(second.use).toBe(1)
      expect(second.tallyId).not.toBe(first.tallyId)
    })

    it('gives a peer that comes back after a release the same tally id', async () => {
      const first = await on.claim(requestOf(grant, 'bob'))
      await on.release(first, 'one')
      const second = await on.claim(requestOf(grant, 'bob'))
      expect(second.tallyId).toBe(first.tallyId)
      expect(second.redemptionId).not.toBe(first.redemptionId)
      expect(second.retries).toBeUndefined()
    })

    it('gives no second tally to who asks for another one', async () => {
      const first = await on.claim(requestOf(grant, 'bob'))
      await on.commit(first)
      const again = requestOf(grant, 'bob', { bootstrapId: 'other', another: true })
      expect(await on.reserve(again)).toMatchObject({ kind: 'replayed', tallyId: first.tallyId })
    })

    it('refuses without writing anything', async () => {
      await on.commit(await on.claim(requestOf(grant, 'bob')))
      const before = (await on.claim(requestOf(grant, 'bob'))).fence
      for (const peer of ['carol', 'dave']) await on.reserve(requestOf(grant, peer))
      const next = await on.claim(requestOf(await on.issue('next', 1), 'eve'))
      expect(next.fence).toBe(before + 1)
    })

    it('says with the commit that it was the last use', async () => {
      const write = toCommit(await on.claim(requestOf(grant, 'bob')), { grant })
      expect(await on.ask(write)).toEqual({ isLast: true })
    })
  })

  describe('a token with a number of uses', () => {
    const on = new StoreDriver(engine)

    it('is given so often, each use under its number, and those given back first', async () => {
      const grant = await on.issue('three', 3)
      const [one, two, three] = [
        await on.claim(requestOf(grant, 'a')),
        await on.claim(requestOf(grant, 'b')),
        await on.claim(requestOf(grant, 'c')),
      ]
      expect([one.use, two.use, three.use]).toEqual([1, 2, 3])
      expect(await on.reserve(requestOf(grant, 'd'))).toMatchObject({ code: 'in_progress' })
      await on.release(two, 'three')
      await on.release(one, 'three')
      expect(await on.inspect.token('three')).toMatchObject({ used: 0, reserved: 1 })
      expect((await on.claim(requestOf(grant, 'd'))).use).toBe(1)
      const fourth = await on.claim(requestOf(grant, 'e'))
      expect(fourth.use).toBe(2)
      const isLast = async (claim: typeof one) => (await on.ask(toCommit(claim, { grant }))).isLast
      expect([await isLast(three), await isLast(fourth)]).toEqual([false, false])
      expect(await isLast(await on.claim(requestOf(grant, 'd')))).toBe(true)
      expect(await on.reserve(requestOf(grant, 'f'))).toMatchObject({ code: 'used' })
      expect(await on.inspect.token('three')).toMatchObject({ used: 3, reserved: 0 })
    })

    it('without limit is given to any number of peers, and has no last use', async () => {
      const grant = await on.issue('standing', null)
      const uses: number[] = []
      for (let peer = 0; peer < 20; peer += 1) {
        const claim = await on.claim(requestOf(grant, `p${peer}`))
        expect(await on.ask(toCommit(claim, { grant }))).toEqual({ isLast: false })
        uses.push(claim.use)
      }
      expect(uses).toEqual(Array.from({ length: 20 }, (_, index) => index + 1))
    })
  })

  describe('a token', () => {
    const on = new StoreDriver(engine)

    it('that is revoked or expired is refused to who has nothing yet, and says which', async () => {
      const grant = await on.issue('gone', 5)
      const late = requestOf(grant, 'bob', { now: T0 + HOUR })
      expect(await on.reserve(late)).toMatchObject({ kind: 'refused', code: 'expired' })
      await on.engine.revokeToken('gone', T0)
      expect(await on.reserve(late)).toMatchObject({ kind: 'refused', code: 'revoked' })
    })

    it('that is paused gives nothing new for now, and what was given stands', async () => {
      const grant = await on.issue('paused', 5)
      await on.commit(await on.claim(requestOf(grant, 'bob')))
      await on.engine.pauseToken('paused', T0)
      const { prospect } = on.lookups.redemptions
      expect(await on.reserve(requestOf(grant, 'carol'))).toMatchObject({ code: 'paused' })
      expect(await prospect(requestOf(grant, 'carol'))).toMatchObject({ code: 'paused' })
      const late = requestOf(grant, 'carol', { now: T0 + HOUR })
      expect(await on.reserve(late)).toMatchObject({ code: 'expired' })
      expect(await on.reserve(requestOf(grant, 'bob'))).toMatchObject({ kind: 'replayed' })
    })

    it('of a foreign hook is judged by the limits that the hook tells', async () => {
      const grant = grantOf('foreign', 1)
      expect((await on.reserve(requestOf(grant, 'bob'))).kind).toBe('reserved')
      expect((await on.reserve(requestOf(grant, 'carol'))).kind).toBe('refused')
      const wider = { ...grant, usesAllowed: 2 }
      expect((await on.reserve(requestOf(wider, 'carol'))).kind).toBe('reserved')
      const now = T0 + 2 * HOUR
      const longer = { ...wider, usesAllowed: 3, expiresAt: T0 + 3 * HOUR }
      expect((await on.reserve(requestOf(wider, 'dave', { now }))).kind).toBe('refused')
      expect((await on.reserve(requestOf(longer, 'dave', { now }))).kind).toBe('reserved')
      expect(await on.lookups.tokens.grantOf('foreign')).toEqual({ ...longer, revision: 0 })
    })

    it('of ours keeps the limits it was issued with, whatever a request says', async () => {
      const grant = await on.issue('ours', 1)
      await on.reserve(requestOf(grant, 'bob'))
      const forged = { ...grantOf('ours', 9), expiresAt: T0 + 9 * HOUR }
      expect((await on.reserve(requestOf(forged, 'carol'))).kind).toBe('refused')
      expect(await on.lookups.tokens.grantOf('ours')).toEqual({ ...grant, revision: 0 })
      expect(await on.lookups.tokens.grantOf('unknown')).toBeUndefined()
    })
  })
}

import { beforeEach, describe, expect, it } from 'vitest'
import type { Grant } from '../../../src/session/machine/listener-state.ts'
import { HOLD, requestOf, responseOf, T0, tallyOf } from '../../store/fixtures.ts'
import type { EngineUnderTest } from './engine.ts'
import { factsOf, StoreDriver, toCommit } from './store-driver.ts'

export function describeApprovals(engine: EngineUnderTest): void {
  describe('an approval', () => {
    const on = new StoreDriver(engine)
    let grant: Grant
    beforeEach(async () => {
      grant = await on.issue('many', 3)
    })

    it('is used up by the first to build on it', async () => {
      const claim = await on.claim(requestOf(grant, 'bob'))
      expect(await on.intend(claim)).toBe('applied')
      expect([await on.intend(claim), await on.approve(claim)]).toEqual(['fence', 'fence'])
      const other = await on.claim(requestOf(grant, 'carol'))
      expect([await on.approve(other), await on.delegate(other)]).toEqual(['applied', 'applied'])
      expect([await on.delegate(other), await on.approve(other)]).toEqual(['fence', 'fence'])
    })

    it('is what delegating needs', async () => {
      const claim = await on.claim(requestOf(grant, 'bob'))
      expect(await on.delegate(claim)).toBe('fence')
    })

    it('serves in the work that gives it', async () => {
      const claim = await on.claim(requestOf(grant, 'bob'))
      const facts = factsOf()
      const response = Uint8Array.of(1)
      const write = { op: 'delegate', claim, tokenId: 'many', response, facts } as const
      const work = [
        { op: 'approve', claim, facts },
        { ...write, reservedUntil: T0 },
      ] as const
      expect(await on.fate(...work)).toBe('applied')
    })

    it('is void once the token is revoked, and that is told apart from a lost fence', async () => {
      const bob = await on.claim(requestOf(grant, 'bob'))
      const carol = await on.claim(requestOf(grant, 'carol'))
      expect(await on.approve(carol)).toBe('applied')
      await on.engine.revokeToken('many', T0)
      expect([await on.intend(bob), await on.approve(bob), await on.delegate(carol)]).toEqual(
        Array(3).fill('revoked'),
      )
      await on.reserve(requestOf(grant, 'bob'))
      expect(await on.intend(bob)).toBe('fence')
    })

    it('is void once somebody took over, who gets one of its own', async () => {
      const old = await on.claim(requestOf(grant, 'bob'))
      expect(await on.approve(old)).toBe('applied')
      const current = await on.claim(requestOf(grant, 'bob'))
      expect([await on.delegate(old), await on.delegate(current)]).toEqual(['fence', 'fence'])
      expect([await on.approve(current), await on.delegate(current)]).toEqual([
        'applied',
        'applied',
      ])
    })

    it('is given anew to whoever takes over from one who began to build', async () => {
      const crashed = await on.claim(requestOf(grant, 'bob'))
      expect(await on.intend(crashed)).toBe('applied')
      const current = await on.claim(requestOf(grant, 'bob'))
      const tried = [await on.intend(crashed), await on.intend(current), await on.intend(current)]
      expect(tried).toEqual(['fence', 'applied', 'fence'])
    })
  })

  describe('a delegated redemption', () => {
    const on = new StoreDriver(engine)
    let grant: Grant
    beforeEach(async () => {
      grant = await on.issue('foil', 1)
    })

    it('is answered with the stored bytes when the same request comes again', async () => {
      const claim = await on.claim(requestOf(grant, 'bob'))
      await on.delegated(claim)
      const again = await on.reserve(requestOf(grant, 'bob'))
      expect(again).toMatchObject({ kind: 'replayed', tallyId: claim.tallyId })
      const { redemptionId } = claim
      expect(await on.lookups.redemptions.response(redemptionId)).toEqual(
        responseOf(redemptionId).payload,
      )
    })

    it('is approved anew, with new bytes, when its peer lost its state', async () => {
      await on.delegated(await on.claim(requestOf(grant, 'bob')))
      const lost = requestOf(grant, 'bob', { bootstrapId: 'new', requestHash: 'new' })
      const outcome = await on.reserve(lost)
      if (outcome.kind !== 'reserved') throw new Error(`it is ${outcome.kind}`)
      const { claim } = outcome
      const bytes = Uint8Array.of(1, 2, 3)
      const delegate = () => on.delegate(claim, T0 + HOLD, bytes)
      const written = [await delegate(), await on.approve(claim), await delegate()]
      expect(written).toEqual(['fence', 'applied', 'applied'])
      expect(await on.lookups.redemptions.response(claim.redemptionId)).toEqual(bytes)
    })

    it('keeps response and receipt after the commit', async () => {
      const claim = await on.claim(requestOf(grant, 'bob'))
      await on.delegated(claim)
      const { redemptionId, tallyId } = claim
      const tally = tallyOf(tallyId, redemptionId, 'confirmed')
      const receipt = Uint8Array.of(9)
      const { response: _, ...write } = toCommit(claim, { tally, receipt, grant })
      expect(await on.ask(write)).toEqual({ isLast: true })
      const { redemptions, tallies } = on.lookups
      expect(await redemptions.response(redemptionId)).toEqual(responseOf(redemptionId).payload)
      expect(await redemptions.receipt(redemptionId)).toEqual(receipt)
      expect(await tallies.ofRedemption(redemptionId)).toEqual(tally)
      expect(await on.lookups.redemptions.holdsAny('bob')).toBe(false)
    })

    it('can not be turned into one that this side builds', async () => {
      const claim = await on.claim(requestOf(grant, 'bob'))
      await on.delegated(claim)
      expect(await on.intend(claim)).toBe('fence')
    })
  })

  describe('a claim with an old fence', () => {
    const on = new StoreDriver(engine)

    it('changes nothing, whatever it tries', async () => {
      const grant = await on.issue('one', 1)
      const old = await on.claim(requestOf(grant, 'bob'))
      const current = await on.claim(requestOf(grant, 'bob'))
      const tries = [
        await on.approve(old),
        await on.intend(old),
        await on.delegate(old),
        await on.commit(old),
        await on.release(old, 'one'),
      ]
      expect(tries).toEqual(['fence', 'fence', 'fence', 'fence', false])
      expect(await on.inspect.token('one')).toMatchObject({ used: 0, reserved: 1 })
      expect(await on.lookups.tallies.find(old.tallyId)).toBeUndefined()
      expect(await on.lookups.redemptions.response(old.redemptionId)).toBeUndefined()
      expect(await on.commit(current)).toBe('applied')
    })

    it('is refused after a release too, and fences are never given out twice', async () => {
      const grant = await on.issue('one', 1)
      const fences: number[] = []
      for (let round = 0; round < 5; round += 1) {
        const claim = await on.claim(requestOf(grant, `peer-${round}`))
        fences.push(claim.fence)
        expect(await on.release(claim, 'one')).toBe(true)
        expect(await on.release(claim, 'one')).toBe(false)
        expect(await on.commit(claim)).toBe('fence')
      }
      expect(fences).toEqual([...fences].sort((a, b) => a - b))
      expect(new Set(fences).size).toBe(5)
    })

    it('can not release what is committed', async () => {
      const claim = await on.claim(requestOf(await on.issue('one', 1), 'bob'))
      await on.commit(claim)
      expect(await on.release(claim, 'one')).toBe(false)
      expect(await on.inspect.token('one')).toMatchObject({ used: 1, reserved: 0 })
    })
  })
}

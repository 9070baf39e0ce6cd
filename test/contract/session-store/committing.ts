import { beforeEach, describe, expect, it } from 'vitest'
import type { Claim, Grant } from '../../../src/session/machine/listener-state.ts'
import type { LostUse } from '../../../src/session/ports/tally.ts'
import { grantOf, requestOf, responseOf, T0, tallyOf } from '../../store/fixtures.ts'
import type { EngineUnderTest } from './engine.ts'
import { factsOf, StoreDriver, toCommit } from './store-driver.ts'

export function describeCommitting(engine: EngineUnderTest): void {
  describe('the commit point', () => {
    const on = new StoreDriver(engine)
    let grant: Grant
    beforeEach(async () => {
      grant = await on.issue('many', 5)
    })

    it('stores the tally as offered, and the bytes of its answer', async () => {
      const claim = await on.claim(requestOf(grant, 'bob'))
      const { redemptionId, tallyId } = claim
      await on.commit(claim)
      const { redemptions, tallies } = on.lookups
      expect(await tallies.find(tallyId)).toEqual(tallyOf(tallyId, redemptionId))
      expect(await tallies.ofRedemption(redemptionId)).toEqual(tallyOf(tallyId, redemptionId))
      expect(await redemptions.response(redemptionId)).toEqual(responseOf(redemptionId).payload)
      expect(await redemptions.receipt(redemptionId)).toBeUndefined()
    })

    it('changes nothing if a hook comes up with the id of a tally that is there', async () => {
      const first = await on.claim(requestOf(grant, 'bob'))
      await on.commit(first)
      const second = await on.claim(requestOf(grant, 'carol'))
      const tally = tallyOf(first.tallyId, second.redemptionId)
      expect(await on.commit(second, { tally })).toBe('taken')
      expect((await on.lookups.tallies.find(first.tallyId))?.redemptionId).toBe(first.redemptionId)
      expect(await on.inspect.token('many')).toMatchObject({ used: 1, reserved: 1 })
      expect(await on.commit(second)).toBe('applied')
    })

    it('comes once', async () => {
      const claim = await on.claim(requestOf(grant, 'bob'))
      expect([await on.commit(claim), await on.commit(claim)]).toEqual(['applied', 'fence'])
    })

    it('is lost to who gave the use back, though its tally was made since', async () => {
      const released = await on.claim(requestOf(grant, 'bob'))
      await on.release(released, 'many')
      const current = await on.claim(requestOf(grant, 'bob'))
      expect(current.tallyId).toBe(released.tallyId)
      await on.commit(current)
      expect(await on.commit(released)).toBe('fence')
    })

    it('is confirmed only by the peer it was offered to, with the hash of the very bytes', async () => {
      const claim = await on.claim(requestOf(grant, 'bob'))
      await on.commit(claim)
      const { redemptionId, tallyId } = claim
      const unknown = { isKnown: false, isWithdrawn: false }
      expect(await on.confirm(redemptionId, 'carol')).toEqual(unknown)
      const wrong = { op: 'confirm', redemptionId, responseHash: 'other', now: T0 } as const
      expect(await on.ask({ ...wrong, facts: factsOf('bob') })).toEqual(unknown)
      const tally = () => on.lookups.tallies.find(tallyId)
      expect((await tally())?.status).toBe('offered')
      const known = { isKnown: true, tallyId, tokenId: 'many' }
      expect(await on.confirm(redemptionId, 'bob')).toEqual({ ...known, isNews: true })
      expect(await on.confirm(redemptionId, 'bob')).toEqual({ ...known, isNews: false })
      expect(await on.confirm(redemptionId, 'bob', 'c2ln')).toMatchObject({ isNews: true })
      expect(await on.confirm(redemptionId, 'bob', 'b3RoZXI')).toMatchObject({ isNews: false })
      expect(await on.confirm(redemptionId, 'bob')).toMatchObject({ isNews: false })
      expect((await tally())?.receipt).toBeUndefined()
      expect((await tally())?.status).toBe('confirmed')
    })

    it('knows an answer that was withdrawn since, of the peer that was given it', async () => {
      const claim = await on.claim(requestOf(grant, 'bob'))
      await on.commit(claim)
      const { redemptionId, fence, tallyId } = claim
      const order = { tallyId, redemptionId, fence, sessionId: 's', peerId: 'bob', reason: 'old' }
      await on.apply({ op: 'withdrawOffer', order, lastGivenBefore: T0 + 1, now: T0 + 1 })
      const withdrawn = { isKnown: false, isWithdrawn: true }
      expect(await on.confirm(redemptionId, 'bob')).toEqual(withdrawn)
      expect(await on.confirm(redemptionId, 'carol')).toEqual({ ...withdrawn, isWithdrawn: false })
    })

    it('gives no tally of a redemption that was not committed', async () => {
      const claim = await on.claim(requestOf(grant, 'bob'))
      expect(await on.lookups.tallies.ofRedemption(claim.redemptionId)).toBeUndefined()
    })

    it('takes nothing along that came before it in a work that is lost', async () => {
      const claim = await on.claim(requestOf(grant, 'bob'))
      await on.reserve(requestOf(grant, 'bob'))
      const { tallyId, redemptionId } = claim
      const order = { tallyId, redemptionId, fence: 1, sessionId: 's', peerId: 'bob', reason: 'x' }
      const owe = { op: 'oweRemoval', order, now: T0 } as const
      expect(await on.outcomeOf(owe, toCommit(claim))).toEqual({
        kind: 'lost',
        at: 1,
        why: 'fence',
      })
      expect(await on.inspect.removal(tallyId)).toBeUndefined()
    })
  })

  describe('the id of a tally', () => {
    const on = new StoreDriver(engine)

    it('that is taken, is another one, and stays that for the redemption', async () => {
      const grant = await on.issue('one', 1)
      const first = await on.claim(requestOf(grant, 'bob'))
      await on.release(first, 'one')
      // As the invitee of somebody who has computed it.
      await on.apply({
        op: 'keepTally',
        attemptId: 'a1',
        tally: tallyOf(first.tallyId, 'elsewhere', 'held'),
        mustOwn: false,
        tokenId: 'x',
        facts: factsOf('mallory'),
      })
      const second = await on.claim(requestOf(grant, 'bob'))
      expect(second.tallyId).not.toBe(first.tallyId)
      expect((await on.claim(requestOf(grant, 'bob'))).tallyId).toBe(second.tallyId)
      expect((await on.lookups.tallies.find(first.tallyId))?.redemptionId).toBe('elsewhere')
    })
  })

  describe('a use that is given back', () => {
    const on = new StoreDriver(engine)

    it('owes the removal of what may have been built for it, and of nothing else', async () => {
      const grant = await on.issue('many', 5)
      const first = requestOf(grant, 'bob')
      const building = await on.claim(first)
      await on.intend(building)
      const { tallyId, redemptionId, fence } = building
      expect(await on.release(building, 'many')).toBe(true)
      const { sessionId } = first
      const order = { tallyId, redemptionId, fence, sessionId, peerId: 'bob', reason: 'test' }
      expect(await on.inspect.removal(tallyId)).toEqual({
        ...order,
        since: T0,
        tries: 0,
        nextAt: T0,
      })
      const idle = await on.claim(requestOf(grant, 'carol'))
      await on.release(idle, 'many')
      expect(await on.inspect.removal(idle.tallyId)).toBeUndefined()
    })
  })

  describe('lapsed reservations', () => {
    const on = new StoreDriver(engine)

    it('are those past their deadline and not committed, at most as many as asked for', async () => {
      const grant = await on.issue('standing', null)
      const claims: Claim[] = []
      for (let peer = 0; peer < 6; peer += 1)
        claims.push(await on.claim(requestOf(grant, `p${peer}`, { reservedUntil: T0 + peer })))
      const [first, second] = claims
      if (first === undefined || second === undefined) throw new Error('no claims')
      await on.commit(first)
      await on.intend(second)
      const ask = async (limit: number) =>
        (await on.lookups.redemptions.lapsed(T0 + 4, limit)).map(
          ({ peerId, state }) => `${peerId} ${state}`,
        )
      expect((await ask(10)).toSorted()).toEqual(['p1 provisioning', 'p2 reserved', 'p3 reserved'])
      expect(await ask(2)).toHaveLength(2)
    })
  })

  describe('a lost use', () => {
    const on = new StoreDriver(engine)
    const LOST: Omit<LostUse, 'lostBy'> = {
      redemptionId: 'r1',
      tokenId: 't1',
      peerId: 'peer',
      tallyId: 'tally',
      at: T0,
    }
    const note = (stop?: Grant) => {
      const write = { op: 'noteLostUse', lost: { ...LOST, lostBy: 'here' }, now: T0 } as const
      return on.ask({ ...write, ...(stop === undefined ? {} : { stop }), facts: factsOf() })
    }

    it('is news once', async () => {
      expect(await note()).toEqual({ isNews: true, isStopped: false })
      expect(await note()).toEqual({ isNews: false, isStopped: false })
    })

    it('stops a token once, also one of a foreign hook that has no uses here yet', async () => {
      const ours = await on.issue('ours', 2)
      expect(await note(ours)).toEqual({ isNews: true, isStopped: true })
      expect(await note(ours)).toEqual({ isNews: false, isStopped: false })
      expect(await on.reserve(requestOf(ours, 'bob'))).toMatchObject({ code: 'revoked' })
      const foreign = grantOf('foreign', 2)
      expect(await note(foreign)).toMatchObject({ isStopped: true })
      expect(await on.reserve(requestOf(foreign, 'bob'))).toMatchObject({ code: 'revoked' })
    })

    it('of this side stays noted, though an inviter names its own redemption alike and knows that', async () => {
      await note()
      await on.apply({ op: 'noteLoss', lost: { ...LOST, lostBy: 'inviter' } })
      const sides = async () => (await on.inspect.lostUses()).map(({ lostBy }) => lostBy).toSorted()
      expect(await sides()).toEqual(['here', 'inviter'])
      await on.apply({
        op: 'keepTally',
        attemptId: 'a1',
        tally: tallyOf('tally', 'a1', 'confirmed'),
        mustOwn: false,
        tokenId: 't1',
        known: LOST.redemptionId,
        facts: factsOf(),
      })
      expect(await on.inspect.lostUses()).toEqual([{ ...LOST, lostBy: 'here' }])
    })
  })
}

import { beforeEach, describe, expect, it } from 'vitest'
import type { Grant } from '../../../src/session/machine/listener-state.ts'
import type { RefusedUse } from '../../../src/session/ports/uses/reservation.ts'
import { freshId, HOLD, HOUR, requestOf, responseOf, T0 } from '../../store/fixtures.ts'
import type { EngineUnderTest } from './engine.ts'
import { factsOf, StoreDriver } from './store-driver.ts'

const PAUSED: RefusedUse = { kind: 'refused', code: 'busy', reason: 'paused' }

export function describeRetries(engine: EngineUnderTest): void {
  describe('a retry by the same peer', () => {
    const on = new StoreDriver(engine)
    let grant: Grant
    beforeEach(async () => {
      grant = await on.issue('many', 3)
    })

    it('takes its own reservation over, with a higher fence', async () => {
      const first = await on.claim(requestOf(grant, 'bob'))
      const second = await on.claim(requestOf(grant, 'bob'))
      expect(second).toEqual({ ...first, fence: first.fence + 1, retries: 1 })
    })

    it('attaches to nothing while the earlier session runs', async () => {
      const sessionId = freshId('s')
      const first = await on.claim(requestOf(grant, 'bob', { sessionId }))
      const running = new Set([sessionId, 'another'])
      const second = await on.reserve(requestOf(grant, 'bob', { running }))
      expect(second).toMatchObject({ kind: 'refused', code: 'in_progress' })
      expect(await on.commit(first)).toBe('applied')
    })

    it('goes on with what it has itself, though it runs', async () => {
      const sessionId = freshId('s')
      const first = await on.claim(requestOf(grant, 'bob', { sessionId }))
      const running = new Set([sessionId])
      const second = await on.claim(requestOf(grant, 'bob', { sessionId, running }))
      expect(second.redemptionId).toBe(first.redemptionId)
    })

    it('never shortens the time that was promised', async () => {
      const claim = await on.claim(requestOf(grant, 'bob'))
      expect(await on.delegated(claim, T0 + 10 * HOLD)).toBe('applied')
      await on.reserve(requestOf(grant, 'bob', { now: T0 + 1 }))
      const { lapsed } = on.lookups.redemptions
      expect(await lapsed(T0 + 10 * HOLD, 10)).toEqual([])
      expect(await lapsed(T0 + 10 * HOLD + 1, 10)).toHaveLength(1)
    })

    it('is a mismatch if the same request comes with other content, before and after the commit', async () => {
      const claim = await on.claim(requestOf(grant, 'bob'))
      const other = () => on.reserve(requestOf(grant, 'bob', { requestHash: 'other' }))
      expect(await other()).toMatchObject({ kind: 'refused', code: 'mismatch' })
      expect(await on.commit(claim)).toBe('applied')
      expect(await other()).toMatchObject({ kind: 'refused', code: 'mismatch' })
    })

    it('with a new id, because it lost its state, gets the existing tally', async () => {
      const claim = await on.claim(requestOf(grant, 'bob'))
      await on.commit(claim)
      const lost = requestOf(grant, 'bob', { bootstrapId: 'new', requestHash: 'new' })
      expect(await on.reserve(lost)).toMatchObject({ kind: 'replayed', claim })
    })

    it('asking for another one gets another use, and each request its own tally again', async () => {
      const first = await on.claim(requestOf(grant, 'bob'))
      await on.commit(first)
      const another = requestOf(grant, 'bob', { bootstrapId: 'second', another: true })
      const second = await on.claim(another)
      expect(second.use).toBe(2)
      await on.commit(second)
      const replayed = { kind: 'replayed' }
      expect(await on.reserve(requestOf(grant, 'bob'))).toMatchObject({
        ...replayed,
        tallyId: first.tallyId,
      })
      expect(await on.reserve(another)).toMatchObject({ ...replayed, tallyId: second.tallyId })
    })

    it('gets the same bytes after expiry and revocation', async () => {
      const claim = await on.claim(requestOf(grant, 'bob'))
      await on.commit(claim)
      await on.engine.revokeToken('many', T0 + 1)
      const late = requestOf(grant, 'bob', { now: T0 + 100 * HOUR })
      expect(await on.reserve(late)).toMatchObject({ kind: 'replayed', claim })
      expect(await on.lookups.redemptions.response(claim.redemptionId)).toEqual(
        responseOf(claim.redemptionId).payload,
      )
    })

    it('of an answered one counts its sessions', async () => {
      await on.commit(await on.claim(requestOf(grant, 'bob')))
      const retries = async () => (await on.claim(requestOf(grant, 'bob'))).retries
      expect([await retries(), await retries()]).toEqual([1, 2])
    })
  })

  describe('while nothing new is given', () => {
    const on = new StoreDriver(engine)
    let grant: Grant
    beforeEach(async () => {
      grant = await on.issue('many', 3)
    })
    const paused = (peer: string) => on.reserve(requestOf(grant, peer, { unlessAnswered: PAUSED }))

    it('a peer with nothing, or with a reservation only, hears that', async () => {
      expect(await paused('bob')).toEqual(PAUSED)
      const claim = await on.claim(requestOf(grant, 'bob'))
      expect(await paused('bob')).toEqual(PAUSED)
      expect(await on.commit(claim)).toBe('applied')
      expect(await on.inspect.token('many')).toMatchObject({ used: 1, reserved: 0 })
    })

    it('a peer that was answered gets its answer', async () => {
      const claim = await on.claim(requestOf(grant, 'bob'))
      await on.commit(claim)
      expect(await paused('bob')).toMatchObject({ kind: 'replayed', tallyId: claim.tallyId })
    })
  })

  describe('a token that was declined', () => {
    const on = new StoreDriver(engine)
    let grant: Grant
    beforeEach(async () => {
      grant = await on.issue('one', 3)
    })
    const decline = (peer: string) =>
      on.apply({ op: 'decline', tokenId: 'one', reason: 'no', now: T0, facts: factsOf(peer) })

    it('stays declined for that peer only', async () => {
      await decline('bob')
      await on.apply({ op: 'decline', tokenId: 'one', now: T0 + 1, facts: factsOf('bob') })
      const { hasDeclined } = on.lookups.tokens
      expect(await hasDeclined('one', 'bob')).toBe(true)
      expect(await hasDeclined('one', 'carol')).toBe(false)
      expect(await hasDeclined('two', 'bob')).toBe(false)
      expect(await on.reserve(requestOf(grant, 'bob'))).toMatchObject({ code: 'declined' })
      expect((await on.reserve(requestOf(grant, 'carol'))).kind).toBe('reserved')
    })

    it('takes nothing away from a peer that has the answer already', async () => {
      const claim = await on.claim(requestOf(grant, 'bob'))
      await on.commit(claim)
      await decline('bob')
      expect(await on.reserve(requestOf(grant, 'bob'))).toMatchObject({ kind: 'replayed' })
    })
  })

  describe('a prospect', () => {
    const on = new StoreDriver(engine)

    it('tells how a reservation would be answered, and reserves nothing', async () => {
      const grant = await on.issue('one', 1)
      const prospect = (peerId: string, bootstrapId?: string) =>
        on.lookups.redemptions.prospect({ grant, peerId, another: false, bootstrapId })
      expect(await prospect('bob')).toEqual({ kind: 'free' })
      expect(await prospect('carol')).toEqual({ kind: 'free' })
      const claim = await on.claim(requestOf(grant, 'bob'))
      expect(await prospect('bob')).toEqual({ kind: 'own', isAnswered: false })
      expect(await prospect('bob', 'boot-bob')).toEqual({ kind: 'own', isAnswered: false })
      expect(await prospect('carol')).toMatchObject({ kind: 'refused', code: 'in_progress' })
      await on.commit(claim)
      expect(await prospect('bob', 'new')).toEqual({ kind: 'own', isAnswered: true })
      expect(await prospect('carol')).toMatchObject({ kind: 'refused', code: 'used' })
      await on.engine.revokeToken('one', T0)
      expect(await prospect('bob')).toEqual({ kind: 'own', isAnswered: true })
      expect(await prospect('carol')).toMatchObject({ kind: 'refused', code: 'revoked' })
    })
  })
}

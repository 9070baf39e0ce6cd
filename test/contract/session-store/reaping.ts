import { describe, expect, it } from 'vitest'
import type { Claim } from '../../../src/session/machine/listener-state.ts'
import type { Reapable, ReapCursor, ReapPage } from '../../../src/session/ports/reap.ts'
import { attemptOf, auditDraft, requestOf, T0 } from '../../store/fixtures.ts'
import type { EngineUnderTest } from './engine.ts'
import { factsOf, StoreDriver, toCommit } from './store-driver.ts'

/** Reads a list to its end, a page at a time. */
async function all<Thing extends Reapable>(
  list: (after: ReapCursor | undefined, limit: number) => Promise<ReapPage<Thing>>,
  limit = 2,
): Promise<readonly Thing[]> {
  const things: Thing[] = []
  for (let after: ReapCursor | undefined; ; ) {
    const page = await list(after, limit)
    expect(page.things.length).toBeLessThanOrEqual(limit)
    things.push(...page.things)
    if (page.next === undefined) return things
    after = page.next
  }
}

export function describeReaping(engine: EngineUnderTest): void {
  describe('things that a reaper may take away', () => {
    const on = new StoreDriver(engine)
    const offer = async (peer: string, now = T0) => {
      const grant = (await on.lookups.tokens.grantOf('st')) ?? (await on.issue('st', null))
      const claim = await on.claim(requestOf(grant, peer, { sessionId: `s-${peer}`, now }))
      await on.commit(claim, { now })
      return claim
    }
    const withdraw = async (claim: Awaited<ReturnType<typeof offer>>, lastGivenBefore: number) => {
      const { tallyId, redemptionId, fence } = claim
      const about = { sessionId: 's', peerId: 'bob', reason: 'old' }
      const order = { tallyId, redemptionId, fence, ...about }
      const record = auditDraft('s', 'withdrawn')
      const write = { op: 'withdrawOffer', order, lastGivenBefore, now: T0 + 9, record } as const
      return (await on.ask(write)).isDone
    }

    it('are offers that nobody acknowledged, page by page', async () => {
      const claims: Claim[] = []
      for (const peer of ['a', 'b', 'c', 'd', 'e']) claims.push(await offer(peer))
      const [, second] = claims
      if (second === undefined) throw new Error('no claims')
      await on.confirm(second.redemptionId, 'b')
      const listed = await all((...page) => on.lookups.reaping.offers(...page))
      expect(listed.map(({ peerId }) => peerId)).toEqual(['a', 'c', 'd', 'e'])
      expect(listed[0]).toEqual({
        id: claims[0]?.redemptionId,
        side: 'listener',
        state: 'offered',
        peerId: 'a',
        tokenId: 'st',
        sessionId: 's-a',
        tallyId: claims[0]?.tallyId,
        since: T0,
      })
      expect(await all((...page) => on.lookups.reaping.offers(...page), 4)).toHaveLength(4)
    })

    it('are offers, unless they were given again or their document was changed', async () => {
      const claim = await offer('a')
      await on.reserve(requestOf(await on.issue('other', 1), 'a', { now: T0 + 1 }))
      const grant = (await on.lookups.tokens.grantOf('st')) ?? fail()
      await on.reserve(requestOf(grant, 'a', { now: T0 + 5 }))
      expect(await withdraw(claim, T0 + 5)).toBe(false)
      await on.engine.addDocument(claim.tallyId, Uint8Array.of(1))
      const offers = async () => (await on.lookups.reaping.offers(undefined, 10)).things
      expect(await offers()).toMatchObject([{ since: T0 + 5 }])
      expect((await offers())[0]?.neededBecause).toBeUndefined()
      await on.engine.addDocument(claim.tallyId, Uint8Array.of(2))
      expect((await offers())[0]?.neededBecause).toBeDefined()
      expect(await withdraw(claim, T0 + 6)).toBe(true)
      expect(await withdraw(claim, T0 + 6)).toBe(false)
      expect(await offers()).toEqual([])
      expect(await on.inspect.document(claim.tallyId)).toEqual([])
      expect(await on.lookups.tallies.find(claim.tallyId)).toBeUndefined()
      expect(await on.lookups.redemptions.response(claim.redemptionId)).toBeUndefined()
      expect(await on.inspect.removal(claim.tallyId)).toMatchObject({ reason: 'old' })
      expect(await on.inspect.token('st')).toMatchObject({ used: 1 })
      expect((await on.events()).filter((event) => event === 'withdrawn')).toHaveLength(1)
    })

    it('are reservations, with what is needed to release them', async () => {
      const grant = await on.issue('many', 5)
      const one = await on.claim(requestOf(grant, 'a', { sessionId: 's-a' }))
      const two = await on.claim(requestOf(grant, 'b', { sessionId: 's-b' }))
      await on.intend(two)
      await on.commit(await on.claim(requestOf(grant, 'c')))
      const listed = await all((...page) => on.lookups.reaping.reservations(...page), 1)
      expect(listed.map(({ reservation }) => reservation)).toEqual([
        { claim: one, tokenId: 'many', peerId: 'a', sessionId: 's-a', state: 'reserved' },
        { claim: two, tokenId: 'many', peerId: 'b', sessionId: 's-b', state: 'provisioning' },
      ])
    })

    it('are tokens; one of which a use was ever reserved is needed', async () => {
      for (const id of ['c', 'a', 'b']) await on.issue(id, 1)
      const grant = (await on.lookups.tokens.grantOf('b')) ?? fail()
      await on.release(await on.claim(requestOf(grant, 'bob')), 'b')
      await on.apply({ op: 'decline', tokenId: 'a', now: T0, facts: factsOf('bob') })
      const listed = async () => all((...page) => on.lookups.reaping.tokens(...page))
      const needed = (await listed()).map((each) => [each.id, each.neededBecause !== undefined])
      expect(needed).toEqual([
        ['a', false],
        ['b', true],
        ['c', false],
      ])
      const forget = async (tokenId: string) =>
        (await on.ask({ op: 'forgetToken', tokenId, now: T0, record: auditDraft('s', tokenId) }))
          .isDone
      expect([await forget('a'), await forget('b'), await forget('a')]).toEqual([
        true,
        false,
        false,
      ])
      expect((await listed()).map(({ id }) => id)).toEqual(['b', 'c'])
      expect(await on.lookups.tokens.hasDeclined('a', 'bob')).toBe(false)
      expect((await on.events()).at(-1)).toBe('a')
    })

    it('are attempts that came to nothing, and leases', async () => {
      for (const n of [1, 2, 3]) {
        const attempt = attemptOf(`a${n}`)
        const lease = { owner: `p/${n}`, until: T0 + n }
        await on.apply({ op: 'beginAttempt', attempt, lease, after: undefined, now: T0 })
      }
      const { endedAttempts, leases } = on.lookups.reaping
      expect(await all(leases)).toMatchObject([
        { id: 'a1', side: 'dialer', owner: 'p/1', until: T0 + 1, since: T0 + 1 },
        { id: 'a2', owner: 'p/2' },
        { id: 'a3', owner: 'p/3' },
      ])
      const remove = async (attemptId: string) =>
        (await on.ask({ op: 'removeAttempt', attemptId, record: auditDraft('s', attemptId) }))
          .isDone
      await on.apply({ op: 'endAttempt', attemptId: 'a1' }, { op: 'endAttempt', attemptId: 'a2' })
      expect(await remove('a1')).toBe(false)
      await on.apply({ op: 'freeLeases', holder: 'p' })
      expect((await all(endedAttempts, 1)).map(({ id }) => id)).toEqual(['a1', 'a2'])
      expect([await remove('a1'), await remove('a3'), await remove('a1')]).toEqual([
        true,
        false,
        false,
      ])
      expect(await on.lookups.attempts.latest('link-a1')).toBeUndefined()
      expect(await on.events()).toEqual(['a1'])
    })

    it('are documents without a tally; those that are being built, or to be removed, are needed', async () => {
      const building = await on.claim(requestOf(await on.issue('one', 1), 'bob'))
      const kept = await offer('carol')
      for (const id of ['orphan', 'owed', building.tallyId, kept.tallyId])
        await on.engine.addDocument(id, Uint8Array.of(1))
      const order = { tallyId: 'owed', redemptionId: 'r', fence: 1, peerId: 'bob', reason: 'late' }
      await on.apply({ op: 'oweRemoval', order: { ...order, sessionId: 's' }, now: T0 })
      const listed = await all((...page) => on.lookups.reaping.orphanDocuments(...page, T0))
      expect(
        Object.fromEntries(listed.map((each) => [each.id, each.neededBecause !== undefined])),
      ).toEqual({ orphan: false, owed: true, [building.tallyId]: true })
      const remove = async (tallyId: string) =>
        (await on.ask({ op: 'removeDocument', tallyId, record: auditDraft('s', tallyId) })).isDone
      expect([await remove(kept.tallyId), await remove('orphan'), await remove('orphan')]).toEqual([
        false,
        true,
        false,
      ])
      expect(await on.inspect.document('orphan')).toEqual([])
      expect(await on.inspect.document(kept.tallyId)).toHaveLength(1)
    })

    it('are removals, needed until they have failed once', async () => {
      const claim = { owner: 'p/1', until: T0 }
      for (const tallyId of ['b', 'a', 'c']) {
        const order = { tallyId, redemptionId: 'r', fence: 1, peerId: 'bob', reason: 'late' }
        await on.apply({ op: 'oweRemoval', order: { ...order, sessionId: 's' }, now: T0 })
      }
      const left = auditDraft('s', 'left')
      await on.apply(
        { op: 'claimRemoval', tallyId: 'b', claim, isPossible: true, now: T0, left },
        { op: 'failRemoval', tallyId: 'b', owner: 'p/1', error: 'away', nextAt: T0 },
      )
      const listed = await all((...page) => on.lookups.reaping.owedRemovals(...page))
      expect(listed.map((each) => [each.id, each.neededBecause !== undefined])).toEqual([
        ['a', true],
        ['b', false],
        ['c', true],
      ])
    })

    it('are none of what was committed and confirmed', async () => {
      const grant = await on.issue('one', 1)
      const claim = await on.claim(requestOf(grant, 'bob'))
      await on.apply(toCommit(claim, { grant }))
      await on.confirm(claim.redemptionId, 'bob')
      expect(await withdraw(claim, T0 + 99)).toBe(false)
      const { offers, reservations } = on.lookups.reaping
      expect([await all(offers), await all(reservations)]).toEqual([[], []])
    })
  })
}

function fail(): never {
  throw new Error('the token is not there')
}

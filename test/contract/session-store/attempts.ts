import { describe, expect, it } from 'vitest'
import type { Attempt } from '../../../src/session/ports/attempt.ts'
import { attemptOf, T0, tallyOf } from '../../store/fixtures.ts'
import type { EngineUnderTest } from './engine.ts'
import { factsOf, StoreDriver } from './store-driver.ts'

const ATTEMPT: Attempt = {
  ...attemptOf('a1', { linkHash: 'link' }),
  identity: { name: 'Bob' },
  cadre: ['/ip4/192.0.2.7/tcp/1'],
  sessions: 1,
}
const OTHER = { ...ATTEMPT, attemptId: 'a2', bootstrapId: 'b2' }
const LEASE_MS = 35_000

/** The invitee's side of a store. */
class AttemptDriver extends StoreDriver {
  find(link = 'link') {
    return this.lookups.attempts.latest(link)
  }

  async begin(attempt: Attempt, owner: string, now = T0, after?: string) {
    const { sessions: _, ...begun } = attempt
    const lease = { owner, until: now + LEASE_MS }
    const newest = after ?? (await this.find(attempt.linkHash))?.attemptId
    return this.fate({ op: 'beginAttempt', attempt: begun, lease, after: newest, now })
  }

  quote(attemptId: string, owner: string, as: 'hold' | 'free' | 'leave', building?: string) {
    const write = { op: 'quoteLease', attemptId, owner, as } as const
    return this.fate(building === undefined ? write : { ...write, building })
  }

  holds(attemptId: string, owner: string) {
    return this.quote(attemptId, owner, 'hold')
  }

  free(attemptId: string, owner: string) {
    return this.quote(attemptId, owner, 'free')
  }

  keep(attemptId: string, tallyId: string, status: 'held' | 'confirmed') {
    const tally = tallyOf(tallyId, attemptId, status)
    const write = { op: 'keepTally', attemptId, tally, mustOwn: false, tokenId: 't' } as const
    return this.apply({ ...write, facts: factsOf('alice') })
  }
}

export function describeAttempts(engine: EngineUnderTest): void {
  describe('the invitee’s attempts', () => {
    const on = new AttemptDriver(engine)

    it('are found by their link, the newest first', async () => {
      expect(await on.begin(ATTEMPT, 'p/1')).toBe('applied')
      await on.free('a1', 'p/1')
      expect(await on.find()).toEqual(ATTEMPT)
      expect(await on.begin({ ...ATTEMPT, status: 'ended' }, 'p/2')).toBe('applied')
      await on.free('a1', 'p/2')
      expect(await on.find()).toEqual({ ...ATTEMPT, sessions: 2 })
      expect(await on.begin(OTHER, 'p/3')).toBe('applied')
      await on.free('a2', 'p/3')
      expect(await on.find()).toEqual(OTHER)
      expect(await on.find('other')).toBeUndefined()
    })

    it('are found as kept once a tally came of them, confirmed or not', async () => {
      const kept = () => on.lookups.attempts.kept('link')
      expect(await on.begin(ATTEMPT, 'p/1')).toBe('applied')
      expect(await kept()).toBeUndefined()
      for (const status of ['held', 'confirmed'] as const) {
        await on.keep('a1', 'tally', status)
        expect(await kept()).toMatchObject({ attemptId: 'a1', status, tallyId: 'tally' })
      }
    })

    it('remember what the user agreed to last', async () => {
      const consented = { terms: { unit: 'EUR' }, required: ['name'] }
      for (const each of [ATTEMPT, { ...ATTEMPT, consented }, { ...ATTEMPT, identity: {} }]) {
        expect(await on.begin(each, 'p/1')).toBe('applied')
        await on.free('a1', 'p/1')
      }
      expect(await on.find()).toEqual({ ...ATTEMPT, consented, sessions: 3 })
    })

    it('stay confirmed once they are', async () => {
      await on.begin(ATTEMPT, 'p/1')
      await on.free('a1', 'p/1')
      await on.keep('a1', 'tally', 'confirmed')
      await on.apply({ op: 'endAttempt', attemptId: 'a1' })
      expect(await on.find()).toEqual({ ...ATTEMPT, status: 'confirmed', tallyId: 'tally' })
    })

    it('end without a tally', async () => {
      await on.begin(ATTEMPT, 'p/1')
      await on.apply({ op: 'endAttempt', attemptId: 'a1' })
      expect(await on.find()).toMatchObject({ status: 'ended' })
    })
  })

  describe('a lease', () => {
    const on = new AttemptDriver(engine)

    it('keeps others off the link, whichever attempt they come with', async () => {
      await on.begin(ATTEMPT, 'p/1')
      expect(await on.find()).toEqual({ ...ATTEMPT, lease: { owner: 'p/1', until: T0 + LEASE_MS } })
      const { isLinkBusy } = on.lookups.attempts
      expect([await isLinkBusy('link', T0), await isLinkBusy('other', T0)]).toEqual([true, false])
      for (const [attempt, owner] of [
        [ATTEMPT, 'q/2'],
        [OTHER, 'q/3'],
        [ATTEMPT, 'p/4'],
      ] as const)
        expect(await on.begin(attempt, owner)).toBe('busy')
      expect(await on.holds('a1', 'p/1')).toBe('applied')
      expect((await on.find())?.attemptId).toBe('a1')
    })

    it('is about one link only', async () => {
      await on.begin(ATTEMPT, 'p/1')
      expect(await on.begin({ ...OTHER, linkHash: 'another' }, 'q/2')).toBe('applied')
    })

    it('is free at once when it was given back, which only its holder can do', async () => {
      await on.begin(ATTEMPT, 'p/1')
      expect([
        await on.free('a1', 'q/2'),
        await on.free('a1', 'p/1'),
        await on.free('a1', 'p/1'),
      ]).toEqual(['fence', 'applied', 'fence'])
      expect(await on.begin(ATTEMPT, 'q/2', T0 + 1)).toBe('applied')
    })

    it('is left without insisting on it', async () => {
      await on.begin(ATTEMPT, 'p/1')
      expect(await on.quote('a1', 'q/2', 'leave')).toBe('applied')
      expect(await on.holds('a1', 'p/1')).toBe('applied')
      expect(await on.quote('a1', 'p/1', 'leave')).toBe('applied')
      expect(await on.holds('a1', 'p/1')).toBe('fence')
      expect(await on.quote('none', 'p/1', 'leave')).toBe('applied')
    })

    it('stands when its time is over until somebody takes it, and is lost then', async () => {
      await on.begin(ATTEMPT, 'p/1')
      expect(await on.begin(ATTEMPT, 'q/2', T0 + LEASE_MS - 1)).toBe('busy')
      expect(await on.holds('a1', 'p/1')).toBe('applied')
      expect(await on.lookups.attempts.isLinkBusy('link', T0 + LEASE_MS)).toBe(false)
      expect(await on.begin(ATTEMPT, 'q/2', T0 + LEASE_MS)).toBe('applied')
      expect([
        await on.holds('a1', 'p/1'),
        await on.free('a1', 'p/1'),
        await on.holds('a1', 'q/2'),
      ]).toEqual(['fence', 'fence', 'applied'])
    })

    it('on an earlier attempt is lost too when another attempt begins on the same link', async () => {
      await on.begin(ATTEMPT, 'p/1')
      expect(await on.begin(OTHER, 'q/2', T0 + LEASE_MS)).toBe('applied')
      expect(await on.holds('a1', 'p/1')).toBe('fence')
    })

    it('is refused to a plan that does not know the newest attempt', async () => {
      await on.begin(ATTEMPT, 'p/1')
      await on.free('a1', 'p/1')
      expect(await on.begin(OTHER, 'q/2', T0, 'none')).toBe('busy')
      expect(await on.begin(OTHER, 'q/2')).toBe('applied')
      await on.free('a2', 'q/2')
      expect(await on.begin(ATTEMPT, 'q/3', T0, 'a1')).toBe('busy')
    })

    it('is freed with all others of its process, and of no other', async () => {
      await on.begin(ATTEMPT, 'p/1')
      await on.begin({ ...OTHER, linkHash: 'two' }, 'p/2')
      await on.begin({ ...OTHER, attemptId: 'a3', linkHash: 'three' }, 'pp/3')
      await on.begin({ ...OTHER, attemptId: 'a4', linkHash: 'four' }, '/4')
      const holders = async () => (await on.lookups.attempts.holders()).toSorted()
      expect(await holders()).toEqual(['p', 'pp'])
      await on.apply({ op: 'freeLeases', holder: 'p' })
      expect(await holders()).toEqual(['pp'])
      expect([
        await on.holds('a1', 'p/1'),
        await on.holds('a2', 'p/2'),
        await on.holds('a3', 'pp/3'),
      ]).toEqual(['fence', 'fence', 'applied'])
    })

    it('is freed alone by whoever knows its owner', async () => {
      await on.begin(ATTEMPT, 'p/1')
      const free = (owner: string) => on.ask({ op: 'freeLease', attemptId: 'a1', owner })
      expect(await free('q/2')).toEqual({ isDone: false })
      expect(await free('p/1')).toEqual({ isDone: true })
      expect(await on.holds('a1', 'p/1')).toBe('fence')
    })
  })

  describe('a database that is being built for an attempt', () => {
    const on = new AttemptDriver(engine)
    const order = {
      tallyId: 'tally',
      redemptionId: 'a0',
      fence: 0,
      sessionId: 's',
      peerId: 'alice',
    }
    const isDue = async (now: number) => (await on.lookups.removals.due(now, 10)).length === 1
    const note = (owner: string) => on.quote('a1', owner, 'hold', 'tally')

    it('is removed by nobody while the lease stands', async () => {
      await on.apply({ op: 'oweRemoval', order: { ...order, reason: 'built too late' }, now: T0 })
      await on.begin(ATTEMPT, 'p/1')
      expect(await isDue(T0)).toBe(true)
      expect([await note('q/2'), await isDue(T0)]).toEqual(['fence', true])
      expect([await note('p/1'), await isDue(T0)]).toEqual(['applied', false])
      expect(await isDue(T0 + LEASE_MS)).toBe(true)
      await on.free('a1', 'p/1')
      expect(await isDue(T0)).toBe(true)
    })

    it('does not take the place of one that is held', async () => {
      await on.begin(ATTEMPT, 'p/1')
      await on.keep('a1', 'held-tally', 'held')
      expect(await note('p/1')).toBe('applied')
      expect(await on.find()).toMatchObject({ status: 'held', tallyId: 'held-tally' })
    })
  })
}

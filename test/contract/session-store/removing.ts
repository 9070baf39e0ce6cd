import { describe, expect, it } from 'vitest'
import type { Lease } from '../../../src/session/ports/attempt.ts'
import type { RemovalOrder } from '../../../src/session/ports/removals.ts'
import { attemptOf, auditDraft, requestOf, T0, tallyOf } from '../../store/fixtures.ts'
import type { EngineUnderTest } from './engine.ts'
import { factsOf, StoreDriver } from './store-driver.ts'

const MINE: Lease = { owner: 'p/1', until: T0 + 30_000 }
const THEIRS: Lease = { owner: 'q/2', until: T0 + 60_000 }
const ORDER: RemovalOrder = {
  tallyId: 'tally',
  redemptionId: 'r',
  fence: 1,
  sessionId: 's',
  peerId: 'bob',
  reason: 'timed_out',
}
const LEFT = auditDraft('s', 'left')
/** After all times of these tests. */
const LATER = T0 + 86_400_000

class RemovalDriver extends StoreDriver {
  owe(more: Partial<RemovalOrder> = {}, dueAt: number = T0) {
    return this.ask({ op: 'oweRemoval', order: { ...ORDER, ...more }, now: T0, dueAt })
  }

  /** Claims it, by default when it is due for certain. */
  async claimIt(claim = MINE, more: { voidClaim?: Lease; tallyId?: string; now?: number } = {}) {
    const write = { op: 'claimRemoval', tallyId: 'tally', claim, isPossible: true } as const
    return (await this.ask({ ...write, now: LATER, ...more, left: LEFT })).result
  }

  /** Claims it, though somebody else has. */
  takeOver(claim: Lease, voidClaim: Lease) {
    return this.claimIt(claim, { voidClaim })
  }

  find() {
    return this.inspect.removal('tally')
  }

  async finish(owner = MINE.owner) {
    const write = { op: 'finishRemoval', tallyId: 'tally', owner } as const
    return (await this.ask({ ...write, record: auditDraft('s', 'removed') })).isDone
  }

  async fail(nextAt: number, owner = MINE.owner) {
    const write = { op: 'failRemoval', tallyId: 'tally', owner, error: 'away', nextAt } as const
    return (await this.ask({ ...write, record: auditDraft('s', 'failed') })).isDone
  }
}

export function describeRemovals(engine: EngineUnderTest): void {
  describe('a removal that is owed', () => {
    const on = new RemovalDriver(engine)

    it('tells who has claimed it, to whoever finds it or owes it again', async () => {
      expect(await on.owe()).toEqual({})
      expect(await on.find()).toEqual({ ...ORDER, since: T0, tries: 0, nextAt: T0 })
      expect(await on.lookups.removals.claimOf('tally')).toBeUndefined()
      expect(await on.claimIt()).toBe('claimed')
      expect(await on.find()).toEqual({ ...ORDER, since: T0, tries: 0, nextAt: T0, claim: MINE })
      expect(await on.owe()).toEqual({ claim: MINE })
      expect(await on.takeOver(THEIRS, MINE)).toBe('claimed')
      expect(await on.lookups.removals.claimOf('tally')).toEqual(THEIRS)
    })

    it('is claimed by one, but for a claim that is void', async () => {
      expect(await on.claimIt()).toBe('taken')
      await on.owe()
      expect(await on.claimIt()).toBe('claimed')
      expect(await on.claimIt(THEIRS)).toBe('taken')
      expect(await on.takeOver(THEIRS, { ...MINE, owner: 'x/9' })).toBe('taken')
      expect(await on.takeOver(THEIRS, MINE)).toBe('claimed')
    })

    it('is over once whoever claimed it has removed it', async () => {
      await on.owe()
      await on.claimIt()
      expect([await on.finish(), await on.find(), await on.finish()]).toEqual([
        true,
        undefined,
        false,
      ])
      expect(await on.events()).toEqual(['removed'])
    })

    it('is removed once more if it was owed again meanwhile', async () => {
      await on.owe()
      await on.claimIt()
      await on.owe({ sessionId: 'later' }, T0 + 5)
      expect(await on.finish()).toBe(false)
      const owed = { ...ORDER, sessionId: 'later', since: T0, tries: 0, nextAt: T0 + 5 }
      expect(await on.find()).toEqual(owed)
      await on.claimIt(THEIRS)
      expect([await on.finish(THEIRS.owner), await on.find()]).toEqual([true, undefined])
    })

    it('stays put off by who is about to build it, though whoever removed it failed', async () => {
      await on.owe()
      await on.claimIt()
      await on.owe({ sessionId: 'later' }, T0 + 30_000)
      await on.fail(T0 + 1_000)
      expect(await on.find()).toMatchObject({ tries: 1, nextAt: T0 + 30_000 })
      await on.claimIt()
      await on.fail(T0 + 1_000)
      expect(await on.find()).toMatchObject({ tries: 2, nextAt: T0 + 1_000 })
      await on.claimIt()
      await on.owe()
      await on.fail(T0 + 2_000)
      expect(await on.find()).toMatchObject({ tries: 3, nextAt: T0 + 2_000 })
    })

    it('is not settled by whom it was taken over from', async () => {
      await on.owe()
      await on.claimIt()
      await on.takeOver(THEIRS, MINE)
      expect(await on.finish()).toBe(false)
      expect(await on.fail(T0 + 1)).toBe(false)
      expect(await on.find()).toMatchObject({ tries: 0, claim: THEIRS })
      expect(await on.events()).toEqual([])
      await on.ask({ op: 'withdrawRemoval', tallyId: 'tally', voidClaim: THEIRS })
      await on.owe({ sessionId: 'later' })
      expect([await on.finish(), await on.finish(THEIRS.owner)]).toEqual([false, false])
      expect((await on.find())?.sessionId).toBe('later')
    })

    it('that could not be done is free again, and tried later', async () => {
      await on.owe()
      await on.claimIt()
      await on.owe()
      expect(await on.fail(T0 + 1_000)).toBe(true)
      const failed = { ...ORDER, since: T0, tries: 1, nextAt: T0 + 1_000, lastError: 'away' }
      expect(await on.find()).toEqual(failed)
      await on.claimIt(THEIRS)
      // What was owed again before that attempt is done with it.
      expect(await on.finish(THEIRS.owner)).toBe(true)
      expect(await on.events()).toEqual(['failed', 'removed'])
    })

    it('is made due again at once, but only if it has failed', async () => {
      const hasten = async () =>
        (await on.ask({ op: 'hastenRemoval', tallyId: 'tally', now: T0 + 2 })).isDone
      await on.owe({}, T0 + 50)
      expect(await hasten()).toBe(false)
      await on.claimIt()
      await on.fail(T0 + 90)
      expect(await hasten()).toBe(true)
      expect(await on.find()).toMatchObject({ tries: 1, nextAt: T0 + 2 })
    })

    it('is withdrawn unless somebody has claimed it, but for a claim that is void', async () => {
      const withdraw = (voidClaim?: Lease) => {
        const write = { op: 'withdrawRemoval', tallyId: 'tally' } as const
        return on.ask(voidClaim === undefined ? write : { ...write, voidClaim })
      }
      expect(await withdraw()).toEqual({})
      await on.owe()
      expect(await withdraw()).toEqual({})
      expect(await on.find()).toBeUndefined()
      await on.owe()
      await on.claimIt()
      expect(await withdraw()).toEqual({ claim: MINE })
      expect(await withdraw(THEIRS)).toEqual({ claim: MINE })
      expect(await on.find()).toBeDefined()
      expect(await withdraw(MINE)).toEqual({})
      expect(await on.find()).toBeUndefined()
    })
  })

  describe('a removal whose turn it is', () => {
    const on = new RemovalDriver(engine)

    it('comes before those that are claimed, which are due too', async () => {
      for (const [index, tallyId] of ['one', 'two', 'three', 'four'].entries())
        await on.owe({ tallyId }, T0 + index)
      await on.owe({ tallyId: 'later' }, T0 + 11)
      await on.claimIt(MINE, { tallyId: 'one' })
      await on.claimIt(THEIRS, { tallyId: 'three' })
      const due = async (limit: number) =>
        (await on.lookups.removals.due(T0 + 10, limit)).map(({ tallyId }) => tallyId)
      expect(await due(10)).toEqual(['two', 'four', 'one', 'three'])
      expect(await due(2)).toEqual(['two', 'four'])
    })

    it('is cancelled if its database is a tally’s, or is being built for one', async () => {
      await on.owe()
      const tally = tallyOf('other', 'a1', 'held')
      const keep = { op: 'keepTally', attemptId: 'a1', tally, mustOwn: false } as const
      await on.apply({ ...keep, tokenId: 't', facts: factsOf() })
      await on.owe({ tallyId: 'other' })
      expect(await on.claimIt(MINE, { tallyId: 'other' })).toBe('wanted')
      expect(await on.inspect.removal('other')).toBeUndefined()
      const claim = await on.claim(requestOf(await on.issue('one', 1), 'bob'))
      await on.intend(claim)
      await on.owe({ tallyId: claim.tallyId })
      expect(await on.claimIt(MINE, { tallyId: claim.tallyId })).toBe('wanted')
      expect(await on.inspect.removal(claim.tallyId)).toBeUndefined()
      expect(await on.claimIt()).toBe('claimed')
    })

    it('is not claimed before it is due, nor while somebody builds the database under a lease', async () => {
      await on.owe({}, T0 + 1)
      expect(await on.claimIt(MINE, { now: T0 })).toBe('taken')
      await on.owe()
      const lease = { owner: 'p/1', until: T0 + 9 }
      const attempt = attemptOf('a1')
      await on.apply({ op: 'beginAttempt', attempt, lease, after: undefined, now: T0 })
      const quoted = { op: 'quoteLease', attemptId: 'a1', owner: lease.owner, as: 'hold' } as const
      await on.apply({ ...quoted, building: 'tally' })
      expect(await on.claimIt(MINE, { now: T0 })).toBe('taken')
      await on.apply({ op: 'freeLease', attemptId: 'a1', owner: lease.owner })
      expect(await on.claimIt(MINE, { now: T0 })).toBe('claimed')
    })

    it('is not taken over from a process that has died either, while it is put off for a build', async () => {
      await on.owe()
      expect(await on.claimIt(THEIRS)).toBe('claimed')
      // Whoever is about to build sees that claim. A later one it could not call void: that may have removed the build.
      expect(await on.owe({}, T0 + 2)).toEqual({ claim: THEIRS })
      expect(await on.claimIt(MINE, { voidClaim: THEIRS, now: T0 + 1 })).toBe('taken')
      expect(await on.find()).toMatchObject({ claim: THEIRS })
      expect(await on.claimIt(MINE, { voidClaim: THEIRS, now: T0 + 2 })).toBe('claimed')
    })

    it('is left, and that is recorded, if nobody can carry it out', async () => {
      await on.owe()
      const write = {
        op: 'claimRemoval',
        tallyId: 'tally',
        claim: MINE,
        now: T0,
        left: LEFT,
      } as const
      expect(await on.ask({ ...write, isPossible: false })).toEqual({ result: 'left' })
      expect(await on.find()).toBeUndefined()
      expect(await on.events()).toEqual(['left'])
      expect(await on.ask({ ...write, isPossible: false })).toEqual({ result: 'taken' })
    })

    it('is cancelled by whoever is about to build the database, unless it is claimed', async () => {
      const claim = await on.claim(requestOf(await on.issue('one', 2), 'bob'))
      await on.owe({ tallyId: claim.tallyId })
      const intend = (of: typeof claim) =>
        on.ask({ op: 'intendProvision', claim: of, now: T0, facts: factsOf() })
      expect(await intend(claim)).toEqual({})
      expect(await on.inspect.removal(claim.tallyId)).toBeUndefined()
      const other = await on.claim(requestOf(await on.issue('two', 2), 'carol'))
      await on.owe({ tallyId: other.tallyId })
      await on.claimIt(THEIRS, { tallyId: other.tallyId })
      expect(await intend(other)).toEqual({ claim: THEIRS })
      expect(await on.inspect.removal(other.tallyId)).toMatchObject({ claim: THEIRS })
    })
  })
}

import { describe, expect, it } from 'vitest'
import type { SessionSummary } from '../../../src/session/ports/session-summary.ts'
import { PRUNE_BATCH } from '../../../src/session/ports/upkeep-write.ts'
import { attemptOf, journalEntry, requestOf, summaryOf, T0, tallyOf } from '../../store/fixtures.ts'
import type { EngineUnderTest } from './engine.ts'
import { factsOf, StoreDriver } from './store-driver.ts'

const OVER = { state: 'COMPLETED', endedAt: T0 + 1 }

class PruneDriver extends StoreDriver {
  add(id: string, more: Partial<SessionSummary> = OVER) {
    const entries = [journalEntry(1), journalEntry(2)]
    return this.apply({ op: 'saveSession', summary: summaryOf(id, more), isNew: true, entries })
  }

  async addMany(count: number, more: Partial<SessionSummary> = OVER) {
    const ids = Array.from({ length: count }, (_, index) => `s${index}`)
    await Promise.all(ids.map((id) => this.add(id, more)))
  }

  /** Ends a session. */
  end(id: string) {
    return this.apply({
      op: 'saveSession',
      summary: summaryOf(id, OVER),
      isNew: false,
      entries: [],
    })
  }

  late(sessionId: string, seq: number) {
    return this.apply({ op: 'appendLate', sessionId, entries: [journalEntry(seq)] })
  }

  async pruneOnce(keep: number): Promise<boolean> {
    return (await this.ask({ op: 'pruneHistory', keep })).isMore
  }

  /** Runs until nothing is left to do. @returns how often */
  async prune(keep: number): Promise<number> {
    let runs = 1
    while (await this.pruneOnce(keep)) runs += 1
    return runs
  }

  ids() {
    return this.inspect.sessionIds()
  }

  async hasJournal(id: string): Promise<boolean> {
    return (await this.inspect.journal(id)).length > 0
  }

  /** A use of a standing invitation, committed and not acknowledged. */
  async offered(peer: string) {
    const grant =
      (await this.lookups.tokens.grantOf('standing')) ?? (await this.issue('standing', null))
    const claim = await this.claim(requestOf(grant, peer))
    expect(await this.commit(claim)).toBe('applied')
    return claim
  }
}

export function describePruning(engine: EngineUnderTest): void {
  describe('sessions that are over', () => {
    const on = new PruneDriver(engine)

    it('are kept to the bound, with their journals; of older ones nothing is left', async () => {
      await on.addMany(10)
      await on.prune(3)
      expect(await on.ids()).toEqual(['s9', 's8', 's7'])
      for (const id of ['s9', 's8', 's7']) expect(await on.hasJournal(id)).toBe(true)
      for (const id of ['s0', 's6']) expect(await on.hasJournal(id)).toBe(false)
      await on.prune(0)
      expect(await on.ids()).toEqual([])
    })

    it('go in as many runs as it takes, and new ones beside them', async () => {
      await on.addMany(1_200)
      await on.pruneOnce(2)
      expect(await on.ids()).toHaveLength(1_200 - PRUNE_BATCH)
      expect(await on.prune(2)).toBe(2)
      expect(await on.ids()).toEqual(['s1199', 's1198'])
      await on.add('newer')
      expect(await on.prune(2)).toBe(1)
      expect(await on.ids()).toEqual(['newer', 's1199'])
    })

    it('that ended late stay if the bound was raised meanwhile', async () => {
      await on.add('open', {})
      await on.addMany(2)
      await on.prune(0)
      await on.end('open')
      await on.prune(100)
      expect(await on.ids()).toEqual(['open'])
    })

    it('but not those that are not over, whose journals are needed', async () => {
      await on.add('open', {})
      await on.addMany(5)
      await on.prune(1)
      expect(await on.ids()).toEqual(['s4', 'open'])
      expect(await on.hasJournal('open')).toBe(true)
      await on.end('open')
      await on.prune(1)
      expect(await on.ids()).toEqual(['s4'])
    })

    it('are not begun anew by a process that was paused for so long', async () => {
      await on.add('paused', OVER)
      await on.addMany(2)
      await on.prune(0)
      const summary = summaryOf('paused')
      expect(await on.fate({ op: 'saveSession', summary, isNew: false, entries: [] })).toBe('over')
      await on.late('paused', 3)
      expect(await on.ids()).toEqual([])
    })

    it('get no late word if their journal is gone, and one if it is there', async () => {
      const { redemptionId } = await on.offered('bob')
      await on.add('early', { ...OVER, redemptionId })
      await on.late('early', 3)
      expect(await on.inspect.journal('early')).toHaveLength(3)
      await on.addMany(3)
      await on.prune(1)
      await on.late('early', 4)
      expect(await on.ids()).toContain('early')
      expect(await on.hasJournal('early')).toBe(false)
    })
  })

  describe('of a thing that is not finished the newest session stays, without its journal', () => {
    const on = new PruneDriver(engine)

    it('a use that is reserved', async () => {
      const grant = await on.issue('many', 5)
      const claim = await on.claim(requestOf(grant, 'bob'))
      const { redemptionId, fence } = claim
      await on.add('first', { ...OVER, redemptionId, fence })
      await on.addMany(3)
      await on.prune(1)
      expect(await on.ids()).toEqual(['s2', 'first'])
      const again = await on.claim(requestOf(grant, 'bob'))
      expect(again).toMatchObject({ redemptionId, retries: 1 })
      await on.add('second', { ...OVER, redemptionId, retries: 1 })
      await on.add('last')
      await on.prune(1)
      expect(await on.ids()).toEqual(['last', 'second'])
      expect(await on.hasJournal('second')).toBe(false)
      await on.release(again, 'many')
      await on.prune(1)
      expect(await on.ids()).toEqual(['last'])
    })

    it('an offer that nobody acknowledged', async () => {
      const { redemptionId } = await on.offered('carol')
      await on.add('offering', { ...OVER, redemptionId })
      await on.addMany(3)
      await on.prune(1)
      expect(await on.ids()).toEqual(['s2', 'offering'])
      await on.confirm(redemptionId, 'carol')
      await on.prune(1)
      expect(await on.ids()).toEqual(['s2'])
    })

    it('an attempt, be it running or holding a tally', async () => {
      const lease = { owner: 'p/1', until: T0 + 1 }
      const attempt = attemptOf('a1')
      await on.apply({ op: 'beginAttempt', attempt, lease, after: undefined, now: T0 })
      await on.add('dialled', { ...OVER, side: 'dialer', redemptionId: 'a1' })
      await on.addMany(2)
      await on.prune(1)
      expect(await on.ids()).toEqual(['s1', 'dialled'])
      const keep = (status: 'held' | 'confirmed') => {
        const tally = tallyOf('tally', 'a1', status)
        const write = { op: 'keepTally', attemptId: 'a1', tally, mustOwn: false } as const
        return on.apply({ ...write, tokenId: 't', facts: factsOf('alice') })
      }
      await keep('held')
      await on.prune(1)
      expect(await on.ids()).toEqual(['s1', 'dialled'])
      await keep('confirmed')
      await on.prune(1)
      expect(await on.ids()).toEqual(['s1'])
    })

    it('a removal that is owed', async () => {
      const order = { tallyId: 't1', redemptionId: 'r1', fence: 1, peerId: 'bob', reason: 'late' }
      await on.apply({ op: 'oweRemoval', order: { ...order, sessionId: 'built' }, now: T0 })
      await on.add('built')
      await on.addMany(2)
      await on.prune(1)
      expect(await on.ids()).toEqual(['s1', 'built'])
      await on.apply({ op: 'withdrawRemoval', tallyId: 't1' })
      await on.prune(1)
      expect(await on.ids()).toEqual(['s1'])
    })
  })
}

import { describe, expect, it } from 'vitest'
import type { Work } from '../../../src/session/ports/work.ts'
import { StoreError } from '../../../src/store/errors.ts'
import { auditDraft, journalEntry, requestOf, summaryOf, T0 } from '../../store/fixtures.ts'
import type { EngineUnderTest } from './engine.ts'
import { factsOf, NO_WRITE, StoreDriver, toCommit, toRelease, toReserve } from './store-driver.ts'

export function describeRehearsals(engine: EngineUnderTest): void {
  describe('a rehearsal', () => {
    const on = new StoreDriver(engine)
    /** Rehearsed twice, it answers twice as the work itself then does. */
    const expectSame = async (...work: Work) => {
      const rehearsed = await on.store.rehearse(work)
      expect(await on.store.rehearse(work)).toEqual(rehearsed)
      expect(await on.outcomeOf(...work)).toEqual(rehearsed)
      return rehearsed
    }

    it('answers as the work itself does, fences and records included', async () => {
      const grant = await on.issue('one', 1)
      const facts = factsOf()
      await expectSame(toReserve(requestOf(grant, 'bob')))
      const claim = await on.claim(requestOf(grant, 'bob'))
      await expectSame(toReserve(requestOf(grant, 'carol')))
      await expectSame({ op: 'intendProvision', claim, now: T0, facts })
      await expectSame(toCommit(claim, { grant }))
      const lost = await expectSame(toCommit(claim, { grant }))
      expect(lost).toEqual({ kind: 'lost', at: 0, why: 'fence' })
      await expectSame(toRelease(claim, 'one'))
    })

    it('writes nothing', async () => {
      const grant = await on.issue('one', 1)
      const summary = summaryOf('s')
      const entries = [journalEntry(1)]
      const order = { tallyId: 'y', redemptionId: 'r', fence: 1, sessionId: 's', peerId: 'bob' }
      const outcome = await on.store.rehearse([
        { op: 'saveSession', summary, isNew: true, entries },
        { op: 'appendAudit', draft: auditDraft('s', 'rehearsed') },
        { op: 'rememberTime', at: T0 },
        toReserve(requestOf(grant, 'bob')),
        { op: 'oweRemoval', order: { ...order, reason: 'x' }, now: T0 },
        { op: 'decline', tokenId: 'one', now: T0, facts: factsOf() },
      ])
      expect(outcome.kind).toBe('applied')
      expect(await on.inspect.sessionIds()).toEqual([])
      expect(await on.inspect.journal('s')).toEqual([])
      expect(await on.events()).toEqual([])
      expect(await on.lookups.time.highest()).toBe(0)
      expect(await on.inspect.token('one')).toMatchObject({ used: 0, reserved: 0 })
      expect(await on.inspect.removal('y')).toBeUndefined()
      expect(await on.lookups.tokens.hasDeclined('one', 'bob')).toBe(false)
    })

    it('sees what was submitted before it, and takes nothing of that back', async () => {
      const grant = await on.issue('one', 1)
      const reserved = on.store.submit([toReserve(requestOf(grant, 'bob'))])
      const rehearsed = on.store.rehearse([toReserve(requestOf(grant, 'carol'))])
      const later = on.store.submit([toReserve(requestOf(grant, 'dave'))])
      expect(await rehearsed).toMatchObject({ answers: [{ kind: 'refused' }] })
      expect(await later.outcome).toMatchObject({ answers: [{ kind: 'refused' }] })
      await Promise.all([reserved.durable, later.durable])
      expect(await on.inspect.token('one')).toMatchObject({ reserved: 1 })
    })

    it('of a prune changes nothing of the next one', async () => {
      const ids = Array.from({ length: 700 }, (_, index) => `s${index}`)
      await Promise.all(
        ids.map((id) => {
          const summary = summaryOf(id, { state: 'COMPLETED', endedAt: T0 })
          return on.apply({ op: 'saveSession', summary, isNew: true, entries: [] })
        }),
      )
      await expectSame({ op: 'pruneHistory', keep: 1 })
      await expectSame({ op: 'pruneHistory', keep: 1 })
      expect(await on.inspect.sessionIds()).toEqual(['s699'])
    })

    it('fails as the work itself does', async () => {
      const summary = summaryOf('s')
      const saving = { op: 'saveSession', summary, isNew: true, entries: [] } as const
      const work = [saving, NO_WRITE]
      await expect(on.store.rehearse(work)).rejects.toThrow()
      expect(await on.inspect.sessionIds()).toEqual([])
    })
  })

  describe('a store that can keep nothing any more', () => {
    const on = new StoreDriver(engine)
    const work = [{ op: 'appendAudit', draft: auditDraft('s', 'lost') }] as const

    it('takes back what was lost on the strength of what it could not keep', async () => {
      const saving = (state: string) => {
        const summary = summaryOf('s', { state, endedAt: T0 })
        return [{ op: 'saveSession', summary, isNew: true, entries: [] }] as const
      }
      on.engine.breakDown()
      const ended = on.store.submit(saving('COMPLETED'))
      const late = on.store.submit(saving('FAILED'))
      await expect(ended.durable).rejects.toBeInstanceOf(StoreError)
      await expect(late.durable).rejects.toBeInstanceOf(StoreError)
      await late.outcome.catch(() => undefined)
    })

    it('rejects what is submitted, and is nobody’s unhandled rejection', async () => {
      await on.apply({ op: 'rememberTime', at: T0 })
      on.engine.breakDown()
      const first = on.store.submit(work)
      await expect(first.durable).rejects.toBeInstanceOf(StoreError)
      await first.outcome.catch(() => undefined)
      const { outcome, durable } = on.store.submit(work)
      await expect(outcome).rejects.toBeInstanceOf(StoreError)
      await expect(durable).rejects.toBeInstanceOf(StoreError)
      on.store.submit(work)
      await expect(on.store.rehearse(work)).rejects.toBeInstanceOf(StoreError)
    })
  })
}

import { describe, expect, it } from 'vitest'
import { auditDraft, requestOf, T0 } from '../../store/fixtures.ts'
import type { EngineUnderTest } from './engine.ts'
import { factsOf, NO_WRITE, StoreDriver, toReserve } from './store-driver.ts'

const note = (event: string) => [{ op: 'appendAudit', draft: auditDraft('s', event) }] as const

export function describeWaitingWork(engine: EngineUnderTest): void {
  describe('work that may wait', () => {
    const on = new StoreDriver(engine)
    const decline = (peer: string) =>
      [{ op: 'decline', tokenId: 'one', now: T0, facts: factsOf(peer) }] as const

    it('is done in the end though nothing else comes', async () => {
      const { outcome, durable } = on.store.submit(note('alone'), 'soon')
      expect((await outcome).kind).toBe('applied')
      await durable
      expect(await on.events()).toEqual(['alone'])
    })

    it('is done before what was submitted after it, in its order', async () => {
      const works = [
        on.store.submit(note('1'), 'soon'),
        on.store.submit(note('2'), 'soon'),
        on.store.submit(note('3')),
        on.store.submit(note('4'), 'soon'),
      ]
      await Promise.all(works.map(({ durable }) => durable))
      expect(await on.events()).toEqual(['1', '2', '3', '4'])
    })

    it('is seen by what is asked, rehearsed or submitted after it', async () => {
      const grant = await on.issue('one', 2)
      on.store.submit(decline('bob'), 'soon')
      expect(await on.lookups.tokens.hasDeclined('one', 'bob')).toBe(true)
      on.store.submit(decline('carol'), 'soon')
      const rehearsed = await on.store.rehearse([toReserve(requestOf(grant, 'carol'))])
      expect(rehearsed).toMatchObject({ answers: [{ code: 'declined' }] })
      on.store.submit(decline('dave'), 'soon')
      expect(await on.reserve(requestOf(grant, 'dave'))).toMatchObject({ code: 'declined' })
    })

    it('is told what became of it, lost or failed, and of the others nothing is lost', async () => {
      const claim = { redemptionId: 'none', fence: 1, use: 1, tallyId: 'y', approvedAt: T0 }
      const lost = on.store.submit([{ op: 'approve', claim, facts: factsOf() }], 'soon')
      const failed = on.store.submit([...note('undone'), NO_WRITE], 'soon')
      const other = on.store.submit(note('other'), 'soon')
      expect(await lost.outcome).toEqual({ kind: 'lost', at: 0, why: 'fence' })
      await expect(failed.outcome).rejects.toThrow()
      await expect(failed.durable).rejects.toThrow()
      await Promise.all([lost.durable, other.durable])
      expect(await on.events()).toEqual(['other'])
    })
  })
}

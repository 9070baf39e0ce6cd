import { describe, expect, it } from 'vitest'
import type { JournalEntry, SessionSummary } from '../../../src/session/ports/session-summary.ts'
import { attemptOf, journalEntry, requestOf, summaryOf, T0 } from '../../store/fixtures.ts'
import type { EngineUnderTest } from './engine.ts'
import { StoreDriver } from './store-driver.ts'

/** The write of a session's state. */
function saving(summary: SessionSummary, isNew: boolean, entries: readonly JournalEntry[] = []) {
  return { op: 'saveSession', summary, isNew, entries } as const
}

export function describeSessions(engine: EngineUnderTest): void {
  describe('a session', () => {
    const on = new StoreDriver(engine)

    it('is kept as it was last saved, and what is not known is left out', async () => {
      const first = summaryOf('s')
      await on.apply(saving(first, true))
      expect(await on.inspect.session('s')).toEqual(first)
      const last = summaryOf('s', {
        state: 'TIMEOUT',
        reason: 'timed_out',
        step: 'PROVISIONING_DB',
        detail: 'slow',
        role: 'foil',
        tokenId: 't',
        redemptionId: 'r',
        tallyId: 'y',
        fence: 3,
        retries: 2,
        remoteAddress: '/ip4/192.0.2.7/tcp/1',
        endedAt: T0 + 9,
        durationMs: 9.25,
        steps: [{ state: 'PROVISIONING_DB', ms: 9.25 }],
        exchange: { framesIn: 1, framesOut: 2, bytesIn: 3, bytesOut: 4, digest: 'ab'.repeat(32) },
      })
      await on.apply(saving(last, false))
      expect(await on.inspect.session('s')).toEqual(last)
      expect(await on.inspect.session('other')).toBeUndefined()
    })

    it('has its journal in order, however it was appended', async () => {
      await on.apply(
        saving(summaryOf('one'), true, [journalEntry(1), journalEntry(2)]),
        saving(summaryOf('two'), true, [journalEntry(1)]),
        saving(summaryOf('one'), false, [journalEntry(3)]),
      )
      expect(await on.inspect.journal('one')).toEqual([
        journalEntry(1),
        journalEntry(2),
        journalEntry(3),
      ])
      expect(await on.inspect.journal('two')).toEqual([journalEntry(1)])
      expect(await on.inspect.journal('none')).toEqual([])
      expect(await on.inspect.sessionIds()).toEqual(['two', 'one'])
    })

    it('that is over stays as it is, and whoever moves it has lost', async () => {
      const over = summaryOf('s', { state: 'COMPLETED', endedAt: 2, durationMs: 1 })
      await on.apply(saving(over, true, [journalEntry(1)]))
      for (const state of ['FAILED', 'COMPLETED', 'SENDING_RESPONSE']) {
        for (const isNew of [true, false])
          expect(await on.fate(saving(summaryOf('s', { state }), isNew, [journalEntry(2)]))).toBe(
            'over',
          )
      }
      expect(await on.inspect.session('s')).toEqual(over)
      expect(await on.inspect.journal('s')).toEqual([journalEntry(1)])
    })

    it('that is not there is not begun by a change of it', async () => {
      expect(await on.fate(saving(summaryOf('gone'), false))).toBe('over')
      expect(await on.inspect.session('gone')).toBeUndefined()
    })

    it('gets a late word after its end, in its place only', async () => {
      const over = summaryOf('s', { state: 'COMPLETED', endedAt: 2 })
      await on.apply(saving(over, true, [journalEntry(1)]))
      const late = (seq: number) =>
        on.apply({ op: 'appendLate', sessionId: 's', entries: [journalEntry(seq)] })
      await late(2)
      await late(4)
      expect(await on.inspect.journal('s')).toEqual([journalEntry(1), journalEntry(2)])
      await on.apply({ op: 'appendLate', sessionId: 'none', entries: [journalEntry(1)] })
      expect(await on.inspect.journal('none')).toEqual([])
    })

    it('has no step of its journal twice: somebody else went on with it', async () => {
      await on.apply(saving(summaryOf('s'), true, [journalEntry(1)]))
      const { outcome, durable } = on.store.submit([
        saving(summaryOf('s'), false, [journalEntry(1)]),
      ])
      expect(await outcome).toEqual({ kind: 'lost', at: 0, why: 'fence' })
      await durable
      expect(await on.inspect.journal('s')).toEqual([journalEntry(1)])
    })

    it('has no step twice in one commit either, nor one out of its place', async () => {
      const [one, two, three, four] = [
        journalEntry(1),
        journalEntry(2),
        journalEntry(3),
        journalEntry(4),
      ]
      const summary = summaryOf('s')
      const fates = [
        on.fate(saving(summary, true, [one, two])),
        on.fate(saving(summary, false, [two])),
        on.fate(saving(summary, false, [one])),
        on.fate(saving(summary, false, [four])),
        on.fate(saving(summary, false, [three, three])),
        on.fate(saving(summaryOf('other'), true, [two, one])),
        on.fate(saving(summaryOf('another'), true, [two])),
        on.fate(saving(summary, false, [three])),
      ]
      expect(await Promise.all(fates)).toEqual([
        'applied',
        ...['fence', 'fence', 'fence', 'fence', 'fence', 'fence'],
        'applied',
      ])
      expect(await on.inspect.journal('s')).toEqual([one, two, three])
      expect(await on.inspect.sessionIds()).toEqual(['s'])
    })

    it('does not go on beyond a step that was never written: the commit with it was lost', async () => {
      const summary = summaryOf('s', { state: 'SENDING_RESPONSE' })
      await on.apply(saving(summaryOf('s'), true, [journalEntry(1)]))
      expect(await on.fate(saving(summary, false, [journalEntry(3)]))).toBe('fence')
      expect(await on.inspect.session('s')).toEqual(summaryOf('s'))
      await on.apply(saving(summary, false, [journalEntry(2), journalEntry(3)]))
      expect(await on.inspect.session('s')).toEqual(summary)
    })

    it('gets its late word in the commit of its end, though other work of it is lost', async () => {
      const over = summaryOf('s', { state: 'COMPLETED', endedAt: 2 })
      const late = (seq: number) =>
        ({ op: 'appendLate', sessionId: 's', entries: [journalEntry(seq)] }) as const
      const fates = [
        on.fate(saving(over, true, [journalEntry(1)])),
        on.fate(late(2), saving(over, false)),
        on.fate(late(2), late(4), late(3)),
      ]
      expect(await Promise.all(fates)).toEqual(['applied', 'over', 'applied'])
      const entries = [journalEntry(1), journalEntry(2), journalEntry(3)]
      expect(await on.inspect.journal('s')).toEqual(entries)
    })

    it('leaves nothing to the next one if it is forgotten in the commit of its end', async () => {
      const over = (id: string) => summaryOf(id, { state: 'COMPLETED', endedAt: 2 })
      await Promise.all([
        on.apply(
          saving(over('a'), true, [journalEntry(1)]),
          saving(over('b'), true, [journalEntry(1)]),
          { op: 'pruneHistory', keep: 0 },
        ),
        on.apply(saving(summaryOf('c'), true)),
      ])
      expect(await on.inspect.sessionIds()).toEqual(['c'])
      expect(await on.inspect.journal('c')).toEqual([])
      await on.apply(saving(summaryOf('c'), false, [journalEntry(1)]))
      expect(await on.inspect.journal('c')).toEqual([journalEntry(1)])
    })
  })

  describe('open sessions', () => {
    const on = new StoreDriver(engine)
    const idsOf = async (side: 'listener' | 'dialer', gone?: readonly string[], limit = 10) =>
      (await on.lookups.sessions.open(side, T0, limit, gone)).map(({ summary }) => summary.id)

    it('are those that are not over, the oldest first, each with its journal', async () => {
      await on.apply(
        saving(summaryOf('b'), true, [journalEntry(1), journalEntry(2)]),
        saving(summaryOf('a', { state: 'COMPLETED', endedAt: T0 }), true),
        saving(summaryOf('c'), true),
        saving(summaryOf('d', { side: 'dialer' }), true),
      )
      expect(await on.lookups.sessions.open('listener', T0, 10)).toEqual([
        { summary: summaryOf('b'), entries: [journalEntry(1), journalEntry(2)] },
        { summary: summaryOf('c'), entries: [] },
      ])
      expect(await idsOf('listener', [], 1)).toEqual(['b'])
      expect(await idsOf('dialer')).toEqual(['d'])
    })

    it('of the dialer are only those whose attempt nobody holds, but for processes that are gone', async () => {
      const attempt = attemptOf('a1')
      const lease = { owner: 'p/1', until: T0 + 1 }
      await on.apply(
        { op: 'beginAttempt', attempt, lease, after: undefined, now: T0 },
        saving(summaryOf('held', { side: 'dialer', redemptionId: 'a1' }), true),
        saving(summaryOf('free', { side: 'dialer', redemptionId: 'a2' }), true),
      )
      expect(await idsOf('dialer')).toEqual(['free'])
      expect(await idsOf('dialer', ['q'])).toEqual(['free'])
      expect(await idsOf('dialer', ['q', 'p'])).toEqual(['held', 'free'])
      const later = await on.lookups.sessions.open('dialer', T0 + 1, 10)
      expect(later.map(({ summary }) => summary.id)).toEqual(['held', 'free'])
    })

    it('are told though their use is under way', async () => {
      const grant = await on.issue('one', 1)
      const { redemptionId } = await on.claim(requestOf(grant, 'bob'))
      await on.apply(saving(summaryOf('s', { redemptionId }), true))
      expect(await idsOf('listener')).toEqual(['s'])
    })
  })

  describe('the highest time', () => {
    const on = new StoreDriver(engine)

    it('is 0 at first, and is only ever raised', async () => {
      const { highest } = on.lookups.time
      expect(await highest()).toBe(0)
      for (const at of [T0, T0 - 1, 5, T0 + 1, T0]) await on.apply({ op: 'rememberTime', at })
      expect(await highest()).toBe(T0 + 1)
    })
  })
}

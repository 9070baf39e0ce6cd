import { setImmediate } from 'node:timers/promises'
import { beforeEach, describe, expect, it } from 'vitest'
import type { Grant } from '../../../src/session/machine/listener-state.ts'
import type { Submitted, Work } from '../../../src/session/ports/work.ts'
import type { Write } from '../../../src/session/ports/write.ts'
import {
  attemptOf,
  auditDraft,
  claimOf,
  journalEntry,
  requestOf,
  summaryOf,
  T0,
  tallyOf,
} from '../../store/fixtures.ts'
import { verifyRows } from '../../support/audit/verify-rows.ts'
import type { EngineUnderTest } from './engine.ts'
import { factsOf, NO_WRITE, StoreDriver, toCommit, toRelease, toReserve } from './store-driver.ts'

const note = (event: string) => ({ op: 'appendAudit', draft: auditDraft('s', event) }) as const

function saving(id: string): Write {
  return { op: 'saveSession', summary: summaryOf(id), isNew: true, entries: [journalEntry(1)] }
}

/** A work that fails at its last write. */
function failing(id: string): Work {
  return [note('undone'), saving(id), NO_WRITE]
}

async function settled({ outcome, durable }: Submitted): Promise<string> {
  const known = await outcome.catch(() => undefined)
  const kept = await durable.then(
    () => 'durable',
    () => 'failed',
  )
  return `${known?.kind ?? 'rejected'} ${kept}`
}

export function describeBatches(engine: EngineUnderTest): void {
  describe('many works at once', () => {
    const on = new StoreDriver(engine)
    let grant: Grant
    beforeEach(async () => {
      grant = await on.issue('standing', null)
    })

    it('get each its own answer, by the place of each write', async () => {
      const peers = Array.from({ length: 60 }, (_, index) => `peer-${index}`)
      const all = peers.map((peer) => {
        const request = requestOf(grant, peer)
        return { request, submitted: on.store.submit([note(peer), toReserve(request)]) }
      })
      for (const [index, { request, submitted }] of all.entries()) {
        const outcome = await submitted.outcome
        if (outcome.kind === 'lost') throw new Error('it is lost')
        const { redemptionId } = request
        expect(outcome.answers).toEqual([
          undefined,
          { kind: 'reserved', claim: expect.objectContaining({ redemptionId, use: index + 1 }) },
        ])
        expect(outcome.records.map(({ data }) => data['event'])).toEqual([peers[index], 'reserved'])
      }
      await Promise.all(all.map(({ submitted }) => submitted.durable))
      expect(verifyRows(await on.inspect.audit())).toMatchObject({ ok: true, records: 120 })
    })

    it('see each other’s writes in the order in which they were submitted', async () => {
      const request = requestOf(grant, 'bob')
      const first = on.store.submit([toReserve(request)])
      const again = on.store.submit([toReserve(requestOf(grant, 'bob'))])
      const [one, two] = await Promise.all([first.outcome, again.outcome])
      expect(one).toMatchObject({ answers: [{ kind: 'reserved' }] })
      expect(two).toMatchObject({ answers: [{ claim: { retries: 1 } }] })
      await again.durable
    })

    it('are applied though nobody waits for them', async () => {
      on.store.submit([saving('alone')])
      expect(await on.inspect.session('alone')).toEqual(summaryOf('alone'))
    })

    it('are seen by the lookups that are asked after them', async () => {
      const { redemptionId } = await on.claim(requestOf(grant, 'bob'))
      const { lookups } = on
      const before = lookups.tokens.hasDeclined('standing', 'bob')
      on.store.submit([{ op: 'decline', tokenId: 'standing', now: T0, facts: factsOf('bob') }])
      on.store.submit([{ op: 'rememberTime', at: T0 + 7 }])
      const [declined, highest, knows] = await Promise.all([
        lookups.tokens.hasDeclined('standing', 'bob'),
        lookups.time.highest(),
        lookups.redemptions.knows(redemptionId, 'standing', 'bob'),
      ])
      expect([await before, declined, highest, knows]).toEqual([false, true, T0 + 7, true])
    })

    it('that are lost leave the others untouched, and nothing of themselves', async () => {
      const claim = await on.claim(requestOf(grant, 'bob'))
      const works: readonly Work[] = [
        [saving('first'), note('first')],
        [note('of the lost'), saving('lost'), toCommit({ ...claim, fence: 0 }), note('after')],
        [saving('last'), note('last')],
      ]
      const outcomes = await Promise.all(works.map((work) => on.outcomeOf(...work)))
      expect(outcomes.map(({ kind }) => kind)).toEqual(['applied', 'lost', 'applied'])
      expect(outcomes[1]).toEqual({ kind: 'lost', at: 2, why: 'fence' })
      expect(await on.inspect.sessionIds()).toEqual(['last', 'first'])
      expect(await on.inspect.journal('lost')).toEqual([])
      expect(await on.events()).toEqual(['reserved', 'first', 'last'])
      expect(await on.lookups.tallies.find(claim.tallyId)).toBeUndefined()
    })

    it('that fail reject both, leave the others untouched, and nothing of themselves', async () => {
      const works = [[saving('first')], failing('broken'), [saving('last'), note('last')]]
      const submitted = works.map((work) => on.store.submit(work))
      expect(await Promise.all(submitted.map(settled))).toEqual([
        'applied durable',
        'rejected failed',
        'applied durable',
      ])
      expect(await on.inspect.sessionIds()).toEqual(['last', 'first'])
      expect(await on.inspect.journal('broken')).toEqual([])
      expect(await on.events()).toEqual(['last'])
    })

    it('that fail alone are nobody’s unhandled rejection', async () => {
      on.store.submit(failing('broken'))
      await setImmediate()
      await on.apply(saving('next'))
      expect(await on.inspect.sessionIds()).toEqual(['next'])
    })

    it('have an outcome before they are durable', async () => {
      const order: string[] = []
      const { outcome, durable } = on.store.submit([saving('s')])
      await Promise.all([
        durable.then(() => order.push('durable')),
        outcome.then(() => order.push('outcome')),
      ])
      expect(order).toEqual(['outcome', 'durable'])
    })

    it('may be empty', async () => {
      expect(await on.outcomeOf()).toEqual({ kind: 'applied', answers: [], records: [] })
    })
  })

  describe('works that want the same', () => {
    const on = new StoreDriver(engine)
    const kinds = (outcomes: readonly { readonly kind: string }[]) =>
      outcomes.map(({ kind }) => kind)

    it('of them one gets the last use, whoever comes first', async () => {
      const grant = await on.issue('one', 1)
      const peers = ['bob', 'carol', 'dave', 'eve']
      const said = await Promise.all(peers.map((peer) => on.reserve(requestOf(grant, peer))))
      expect(kinds(said)).toEqual(['reserved', 'refused', 'refused', 'refused'])
    })

    it('of them one gets the use that another gave back just before', async () => {
      const grant = await on.issue('one', 1)
      const claim = await on.claim(requestOf(grant, 'bob'))
      const [, carol, dave] = await Promise.all([
        on.apply(toRelease(claim, 'one')),
        on.reserve(requestOf(grant, 'carol')),
        on.reserve(requestOf(grant, 'dave')),
      ])
      expect(kinds([carol, dave])).toEqual(['reserved', 'refused'])
      expect(claimOf(carol).use).toBe(1)
    })

    it('of them one commits, and one takes a tally’s id', async () => {
      const grant = await on.issue('two', 2)
      const [bob, carol] = [
        await on.claim(requestOf(grant, 'bob')),
        await on.claim(requestOf(grant, 'carol')),
      ]
      const stolen = { tally: tallyOf(bob.tallyId, carol.redemptionId) }
      const fates = [on.commit(bob), on.commit(bob), on.commit(carol, stolen)]
      expect(await Promise.all(fates)).toEqual(['applied', 'fence', 'taken'])
    })

    it('of them one begins an attempt on a link', async () => {
      const begin = (attemptId: string, owner: string) => {
        const attempt = attemptOf(attemptId, { linkHash: 'link' })
        const lease = { owner, until: T0 + 1 }
        return on.fate({ op: 'beginAttempt', attempt, lease, after: undefined, now: T0 })
      }
      const fates = [begin('a1', 'p/1'), begin('a1', 'q/1'), begin('a2', 'q/2')]
      expect(await Promise.all(fates)).toEqual(['applied', 'busy', 'busy'])
    })

    it('of them one claims a removal, and all see the one claim', async () => {
      const about = { redemptionId: 'r', fence: 1, sessionId: 's', peerId: 'bob', reason: 'late' }
      const order = { tallyId: 't', ...about }
      const owe = { op: 'oweRemoval', order, now: T0 } as const
      const claim = (owner: string) =>
        ({
          op: 'claimRemoval',
          tallyId: 't',
          claim: { owner, until: T0 + 1 },
          isPossible: true,
          now: T0,
          left: auditDraft('s', 'left'),
        }) as const
      const { answers } = await on.apply(owe, owe, claim('p/1'), claim('q/2'), owe)
      expect(answers).toEqual([
        {},
        {},
        { result: 'claimed' },
        { result: 'taken' },
        { claim: { owner: 'p/1', until: T0 + 1 } },
      ])
    })

    it('of them one is news', async () => {
      const about = { redemptionId: 'r', tokenId: 't', peerId: 'bob', tallyId: 'y', at: T0 }
      const lost = { ...about, lostBy: 'here' } as const
      const write = { op: 'noteLostUse', lost, now: T0, facts: factsOf() } as const
      const said = await Promise.all([on.ask(write), on.ask(write)])
      expect(said.map(({ isNews }) => isNews)).toEqual([true, false])
    })
  })

  describe('a work of many writes', () => {
    const on = new StoreDriver(engine)

    it('is applied in order, each write on those before it', async () => {
      const grant = await on.issue('one', 1)
      const request = requestOf(grant, 'bob')
      const claim = await on.claim(request)
      const facts = factsOf()
      const { redemptionId } = claim
      const { hash: responseHash = '' } = toCommit(claim).response ?? {}
      const { answers } = await on.apply(
        { op: 'intendProvision', claim, now: T0, facts },
        toCommit(claim, { grant }),
        { op: 'confirm', redemptionId, responseHash, now: T0, facts },
        toReserve(requestOf(grant, 'bob')),
        toReserve(requestOf(grant, 'carol')),
        toRelease(claim, 'one'),
      )
      expect(answers).toMatchObject([
        {},
        { isLast: true },
        { isKnown: true, isNews: true },
        { kind: 'replayed' },
        { kind: 'refused', code: 'used' },
        { isReleased: false },
      ])
    })
  })
}

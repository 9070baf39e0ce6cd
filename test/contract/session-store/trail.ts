import { describe, expect, it } from 'vitest'
import { signCheckpoint } from '../../../src/audit/checkpoint/checkpoint.ts'
import type { CheckpointMessage } from '../../../src/protocol/message/messages.ts'
import type { Work } from '../../../src/session/ports/work.ts'
import { auditDraft, HOLD, requestOf, T0, tallyOf } from '../../store/fixtures.ts'
import { mth, proof } from '../../support/audit/rfc-6962.ts'
import { signerOf } from '../../support/audit/signer.ts'
import { verifyRows } from '../../support/audit/verify-rows.ts'
import type { EngineUnderTest } from './engine.ts'
import { factsOf, NO_WRITE, StoreDriver, toCommit, toRelease, toReserve } from './store-driver.ts'

const note = (sessionId: string, event: string) =>
  ({ op: 'appendAudit', draft: auditDraft(sessionId, event) }) as const

export function describeTrail(engine: EngineUnderTest): void {
  describe('the audit', () => {
    const on = new StoreDriver(engine)

    it('is one whole chain in the order in which the work came', async () => {
      const works: Work[] = [[note('a', '1'), note('b', '2')], [note('a', '3')], [note('c', '4')]]
      await Promise.all(works.map((work) => on.outcomeOf(...work)))
      expect(await on.events()).toEqual(['1', '2', '3', '4'])
      expect(verifyRows(await on.inspect.audit())).toMatchObject({ ok: true, records: 4 })
    })

    it('stays whole though a work between has failed, or is lost, or was only rehearsed', async () => {
      await on.apply(note('one', 'first'))
      expect(await on.fate(note('two', 'undone'), RELEASED)).toBe('fence')
      const broken = on.store.submit([note('two', 'undone'), NO_WRITE])
      await expect(broken.outcome).rejects.toThrow()
      await on.store.rehearse([note('two', 'rehearsed')])
      await on.apply(note('two', 'second'))
      await on.apply(note('one', 'third'))
      expect(await on.events()).toEqual(['first', 'second', 'third'])
      expect(verifyRows(await on.inspect.audit())).toMatchObject({ ok: true, records: 3 })
    })

    it('tells of each write that is news, right after it, and so does the outcome', async () => {
      const grant = await on.issue('one', 1)
      const request = requestOf(grant, 'bob')
      const { answers, records } = await on.apply(
        note('s', 'before'),
        toReserve(request),
        note('s', 'after'),
      )
      expect(answers.map((each) => each !== undefined)).toEqual([false, true, false])
      expect(records.map(({ data }) => data['event'])).toEqual(['before', 'reserved', 'after'])
      const claim = await on.claim(requestOf(grant, 'bob'))
      await on.apply(toCommit(claim, { grant }))
      await on.confirm(claim.redemptionId, 'bob')
      await on.confirm(claim.redemptionId, 'bob')
      const told = (await on.records()).slice(3)
      expect(told.map(({ data }) => data['event'])).toEqual([
        'reserved',
        'committed',
        'consumed',
        'confirmed',
      ])
      expect(told[1]).toMatchObject({
        type: 'token',
        severity: 'info',
        at: T0,
        sessionId: 's-bob',
        peerId: 'bob',
        redemptionId: claim.redemptionId,
        data: { tallyId: claim.tallyId, fence: claim.fence, use: 1 },
      })
    })

    it('has what the outcome tells, word for word', async () => {
      const grant = await on.issue('one', 1)
      const { records } = await on.apply(toReserve(requestOf(grant, 'bob')), note('s', 'x'))
      const stored = (await on.records()).map(({ v: _, seq: _seq, ...draft }) => draft)
      expect(stored).toEqual(records)
    })

    it('is not told of a refusal, but for a secret that belongs to somebody else', async () => {
      const grant = await on.issue('one', 1)
      const claim = await on.claim(requestOf(grant, 'bob'))
      await on.reserve(requestOf(grant, 'carol'))
      expect(await on.events()).toEqual(['reserved'])
      await on.commit(claim)
      await on.reserve(requestOf(grant, 'carol'))
      expect((await on.records()).at(-1)).toMatchObject({
        type: 'security',
        severity: 'alarm',
        peerId: 'carol',
        tokenId: 'one',
        data: { event: 'token.reuse', code: 'used' },
      })
    })

    it('tells of a decline, a delegation, a release, and a lost use with its token’s end', async () => {
      const grant = await on.issue('one', 2)
      await on.apply({ op: 'decline', tokenId: 'one', now: T0, facts: factsOf('carol') })
      const claim = await on.claim(requestOf(grant, 'bob'))
      await on.delegated(claim, T0 + HOLD)
      await on.apply(toRelease(claim, 'one'))
      const { redemptionId, tallyId } = claim
      const about = { redemptionId, tokenId: 'one', peerId: 'bob', tallyId, at: T0 }
      const lost = { ...about, lostBy: 'here' } as const
      await on.apply({ op: 'noteLostUse', lost, stop: grant, now: T0, facts: factsOf() })
      await on.apply({ op: 'noteLostUse', lost, stop: grant, now: T0, facts: factsOf() })
      expect(await on.events()).toEqual([
        'declined',
        'reserved',
        'delegated',
        'released',
        'token.lost_use',
        'revoked',
      ])
    })

    it('tells of the tally that is kept, not of the one that was said', async () => {
      const tally = tallyOf('y', 'a1', 'confirmed')
      const keep = { op: 'keepTally', attemptId: 'a1', mustOwn: false, tokenId: 't' } as const
      const facts = factsOf('alice')
      await on.apply({ ...keep, tally, facts })
      const draft = { text: 'other', sha256: 'other' }
      await on.apply({ ...keep, tally: { ...tally, built: { ...tally.built, draft } }, facts })
      const { sha256 } = tally.built.draft
      expect((await on.records()).map(({ data }) => data['draft'])).toEqual([sha256, sha256])
    })
  })

  describe('a peer’s checkpoint', () => {
    const on = new StoreDriver(engine)
    const peer = signerOf(1)
    const { peerId } = peer
    const entries = (branch = 0) => Array.from({ length: 9 }, (_, n) => Buffer.from([n, branch]))
    const shown = (size: number, { branch = 0, announced = [0].slice(1), at = T0 } = {}) => {
      const log = entries(branch).slice(0, size)
      const checkpoint: CheckpointMessage = {
        type: 'Checkpoint',
        note: signCheckpoint({ size, root: mth(log) }, peer),
        proofs: announced.map((from) => ({
          from,
          hashes: proof(from, log).map((hash) => Buffer.from(hash).toString('hex')),
        })),
      }
      return { peerId, sessionId: 's', checkpoint, announced, at, monotonic: 1 }
    }
    const show = (...all: Parameters<typeof shown>) =>
      on.ask({ op: 'keepCheckpoint', shown: shown(...all) })
    const kept = async () =>
      (await on.inspect.checkpoints(peerId)).map(({ size, standing }) => `${size} ${standing}`)

    it('is kept when it is the first, and one that is proven takes its place', async () => {
      expect(await show(3)).toEqual({})
      expect(await kept()).toEqual(['3 proven'])
      expect(await show(5, { announced: [3] })).toEqual({})
      expect(await kept()).toEqual(['5 proven'])
      expect(await on.events()).toEqual([])
    })

    it('that is shown again is noted as seen again', async () => {
      await show(3)
      const at = T0 + 120_000
      await show(3, { at })
      expect(await on.inspect.checkpoints(peerId)).toMatchObject([{ size: 3, seenAt: at }])
    })

    it('that contradicts one is kept as evidence, and is an alarm once', async () => {
      await show(3)
      const answer = await show(3, { branch: 1 })
      expect(answer.alarm).toBeDefined()
      expect(answer.record).toMatchObject({ severity: 'alarm' })
      expect((await kept()).toSorted()).toEqual(['3 forked', '3 proven'])
      expect(await on.records()).toHaveLength(1)
      expect(await show(3, { branch: 1 })).toEqual({})
      expect(await on.records()).toHaveLength(1)
    })

    it('that nobody signed is recorded, and the work that it came with goes on', async () => {
      const wrong = shown(3)
      const checkpoint = { ...wrong.checkpoint, note: 'nonsense' }
      const { answers } = await on.apply(
        { op: 'keepCheckpoint', shown: { ...wrong, checkpoint } },
        note('s', 'goes on'),
      )
      expect(answers[0]).toMatchObject({ record: { type: 'security' } })
      expect(await kept()).toEqual([])
      expect((await on.events()).at(-1)).toBe('goes on')
    })

    it('of somebody who can not have signed any is a problem, and nobody’s failure', async () => {
      const stranger = { ...shown(3), peerId: 'nobody' }
      const { answers } = await on.apply({ op: 'keepCheckpoint', shown: stranger }, note('s', 'x'))
      expect(answers[0]).toEqual({ problem: expect.any(String) })
      expect(await on.events()).toEqual(['x'])
    })

    it('is judged by those that came before it in the same work, and with it', async () => {
      const first = on.outcomeOf({ op: 'keepCheckpoint', shown: shown(3) })
      const next = { op: 'keepCheckpoint', shown: shown(5, { announced: [3] }) } as const
      const fork = { op: 'keepCheckpoint', shown: shown(5, { branch: 1, announced: [3] }) } as const
      const [, { answers }] = await Promise.all([first, on.apply(next, fork)])
      expect(answers).toMatchObject([{}, { alarm: expect.any(String) }])
    })
  })
}

/** Lost: nobody has that claim. */
const RELEASED = {
  op: 'approve',
  claim: { redemptionId: 'none', fence: 1, use: 1, tallyId: 'none', approvedAt: T0 },
  facts: factsOf(),
} as const

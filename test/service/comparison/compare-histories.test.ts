import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { compareHistories } from '../../../src/service/comparison/compare-histories.ts'
import type { ComparedSession } from '../../../src/service/comparison/history.ts'

const [ALICE, BOB] = ['alice', 'bob']

const BASE: ComparedSession = {
  id: 's',
  side: 'listener',
  state: 'COMPLETED',
  reason: null,
  peerId: BOB,
  role: 'stock',
  tokenId: 't1',
  redemptionId: 'r1',
  tallyId: 'y1',
  tallyStatus: 'confirmed',
  transcriptDigest: 'd1',
  messages: null,
}

const told = (more: Partial<ComparedSession> = {}): ComparedSession => ({ ...BASE, ...more })

/** The same session as the invitee tells it. */
const mirrored = (
  session: ComparedSession,
  more: Partial<ComparedSession> = {},
): ComparedSession => ({
  ...session,
  id: `${session.id}'`,
  side: 'dialer',
  peerId: ALICE,
  ...more,
})

const compare = (a: readonly ComparedSession[], b: readonly ComparedSession[]) =>
  compareHistories({ peerId: ALICE, sessions: a }, { peerId: BOB, sessions: b })

const ends = fc.constantFrom('COMPLETED', 'FAILED', 'TIMEOUT')
/** Few values, so that digests and ids come more than once. */
const sessions = fc.array(
  fc.record({
    state: ends,
    redemptionId: fc.option(fc.constantFrom('r1', 'r2')),
    tokenId: fc.constantFrom('t1', 't2'),
    transcriptDigest: fc.option(fc.constantFrom('d1', 'd2', 'd3')),
  }),
  { maxLength: 12 },
)

describe('two sides', () => {
  it('that tell the same are the same, whatever there is twice', () => {
    fc.assert(
      fc.property(sessions, (all) => {
        const a = all.map((each, n) => told({ ...each, id: `s${n}` }))
        const { pairs, onlyA, onlyB } = compare(
          a,
          a.map((each) => mirrored(each)),
        )
        expect([onlyA, onlyB]).toEqual([[], []])
        expect(pairs).toHaveLength(all.length)
        const ids = pairs.flatMap(({ a: x, b: y }) => [x.id, y.id])
        expect(new Set(ids).size).toBe(ids.length)
      }),
    )
  })

  it.each([
    ['transcript', { transcriptDigest: 'other' }],
    ['outcome', { state: 'FAILED', reason: 'stream_lost' }],
    ['role', { role: 'foil' }],
    ['redemptionId', { redemptionId: 'other' }],
    ['tallyId', { tallyId: 'other' }],
    ['tallyKept', { tallyStatus: null }],
    ['tallyKept', { tallyStatus: 'withdrawn' }],
  ])('whose %s differs part there', (what, more) => {
    const { pairs, same } = compare([told()], [mirrored(told(), more)])
    expect(same).toBe(false)
    expect(pairs[0]?.differences.map((each) => each.what)).toEqual([what])
  })

  const [contact, approval, result] = [
    'InboundContact',
    'ProvisioningResult',
    'DatabaseResult',
  ].map((type, n) => ({
    from: n === 1 ? 'initiator' : 'respondent',
    type,
    bytes: 9,
    digest: `m${n}`,
  }))
  if (!(contact && approval && result)) throw new Error('three')

  it.each([
    { heard: [contact, { ...approval, digest: 'x' }, { ...result, digest: 'y' }], number: 2 },
    { heard: [contact, { ...approval, bytes: 8 }, result], number: 2 },
    { heard: [{ ...contact, type: null }, approval, result], number: 1 },
    { heard: [contact, approval], number: 3 },
    { heard: [], number: 1 },
  ])('that did not hear the same are told the first message of it: %j', ({ heard, number }) => {
    const a = told({ messages: [contact, approval, result] })
    const { pairs } = compare([a], [mirrored(a, { messages: heard })])
    expect(pairs[0]?.differences).toMatchObject([
      {
        what: 'transcript',
        message: { number, a: a.messages?.[number - 1], b: heard[number - 1] ?? null },
      },
    ])
    expect(compare([a], [mirrored(a, { messages: null })]).same).toBe(true)
    expect(compare([a], [mirrored(a)]).same).toBe(true)
  })

  it.each([
    ['what only one of them knows', { role: null, redemptionId: null, transcriptDigest: null }],
    ['offered here and confirmed there', { tallyStatus: 'offered' }],
  ])('do not part over %s', (_, more) => {
    expect(compare([told()], [mirrored(told(), more)]).same).toBe(true)
  })

  it('do not part over the last frame of a stream that broke', () => {
    const broken = told({ state: 'FAILED', tallyId: null, tallyStatus: null })
    const other = mirrored(broken, { state: 'TIMEOUT', transcriptDigest: 'one frame less' })
    expect(compare([broken], [other])).toMatchObject({ same: true, pairs: [{ differences: [] }] })
  })

  it('do not part over an answer that was lost, once both have completed that redemption', () => {
    const lost = told({ id: 'lost', transcriptDigest: 'd0' })
    const unheard = { state: 'FAILED', reason: 'stream_lost' }
    const unknown = { redemptionId: null, tallyId: null, tallyStatus: null }
    const failed = mirrored(lost, { ...unheard, ...unknown, role: null })
    expect(compare([lost], [failed]).same).toBe(false)
    const good = told({ id: 'good' })
    const both = compare([lost, good], [failed, mirrored(good)])
    expect(both).toMatchObject({ same: true, settled: [{ a: { id: 'lost' } }] })
    expect(both.pairs.map(({ a }) => a.id)).toEqual(['good'])
    // Of another redemption, or told otherwise in more than its end.
    const other = told({ id: 'good', redemptionId: 'r2', tallyId: 'y2' })
    expect(compare([lost, other], [failed, mirrored(other)]).same).toBe(false)
    const changed = mirrored(lost, { ...unheard, role: 'foil' })
    expect(compare([lost, good], [changed, mirrored(good)]).same).toBe(false)
  })

  it('part if a tally is told of by one alone, and not over what bound nobody', () => {
    const failed = told({ state: 'FAILED', tallyId: null, tallyStatus: null })
    expect(compare([failed], [])).toMatchObject({ same: true, onlyA: [{ binding: false }] })
    expect(compare([told()], [])).toMatchObject({ same: false, onlyA: [{ binding: true }] })
    expect(compare([], [mirrored(told())])).toMatchObject({ same: false, onlyB: [{}] })
  })

  it('are compared in what they had with each other', () => {
    const { same, others } = compare([told({ peerId: 'carol' })], [])
    expect([same, others]).toEqual([true, { a: 1, b: 0 }])
  })

  it('who invited each other in turn are not mixed up', () => {
    const asInviter = told({ id: 'a1' })
    const asInvitee = told({ id: 'a2', side: 'dialer' })
    const { pairs } = compare(
      [asInviter, asInvitee],
      [told({ id: 'b2', peerId: ALICE }), told({ id: 'b1', side: 'dialer', peerId: ALICE })],
    )
    expect(pairs.map(({ a, b }) => [a.id, b.id])).toEqual([
      ['a1', 'b1'],
      ['a2', 'b2'],
    ])
  })
})

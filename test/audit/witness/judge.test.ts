import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { type Judgement, judge, type WitnessedLog } from '../../../src/audit/witness/judge.ts'
import { mth, proof } from '../../support/audit/rfc-6962.ts'

/** Nobody's tree is larger here. */
const MOST = 40

type Entries = readonly Uint8Array[]

/** Records of a log; from `fork` on, those of another one. */
function entriesOf(fork = MOST, branch = 0): Entries {
  return Array.from({ length: MOST }, (_, n) => Buffer.from([n, n < fork ? 0 : branch]))
}

const HONEST = entriesOf()

function at(size: number, entries: Entries = HONEST) {
  return { size, root: mth(entries.slice(0, size)) }
}

/** What an owner shows who was told of these sizes: with a proof from each, made from the log that it has. */
function shown(size: number, announced: readonly number[], entries: Entries = HONEST) {
  const smaller = announced.filter((from) => from < size)
  const proofs = smaller.map((from) => [from, proof(from, entries.slice(0, size))] as const)
  return { ...at(size, entries), announced, proofs: new Map(proofs) }
}

/** What a witness has after it, as the store keeps it, without its bounds. */
function after(
  log: WitnessedLog | undefined,
  next: { readonly size: number; readonly root: Uint8Array },
  judgement: Judgement,
): WitnessedLog {
  if (log === undefined) return { proven: next, open: [] }
  if (judgement.kind !== 'proven' && judgement.kind !== 'open') return log
  const open = log.open.filter(({ size }) => !judgement.settled.includes(size))
  if (judgement.kind === 'proven') return { proven: next, open }
  return open.some(({ size }) => size === next.size)
    ? { ...log, open }
    : { ...log, open: [...open, next] }
}

function sizesOf(log: WitnessedLog | undefined): readonly number[] {
  return log === undefined ? [] : [log.proven, ...log.open].map(({ size }) => size)
}

const size = fc.integer({ min: 1, max: MOST })

describe('one party’s log, seen by another', () => {
  it('is taken as it is the first time', () => {
    expect(judge(undefined, shown(5, []))).toEqual({ kind: 'proven', settled: [] })
  })

  it('goes on if a proof says so', () => {
    fc.assert(
      fc.property(size, size, (from, to) => {
        const log = { proven: at(Math.min(from, to)), open: [] }
        const next = shown(Math.max(from, to), sizesOf(log))
        expect(judge(log, next).kind).toBe('proven')
      }),
    )
  })

  it('is not proven by a larger size alone', () => {
    const log = { proven: at(5), open: [] }
    const next = { ...shown(9, [5]), proofs: new Map() }
    expect(judge(log, next)).toEqual({ kind: 'open', settled: [], withheld: true })
    // Nobody has asked for the proof.
    expect(judge(log, { ...next, announced: [3] })).toMatchObject({ withheld: false })
  })

  it('is found forked by its size, or by its proof', () => {
    const sizes = fc.tuple(fc.integer({ min: 0, max: MOST - 1 }), size, size)
    fc.assert(
      fc.property(sizes, ([fork, one, other]) => {
        const [small, large] = [Math.min(one, other), Math.max(one, other)]
        fc.pre(small > fork)
        const log = { proven: at(small), open: [] }
        const branch = entriesOf(fork, 1)
        expect(judge(log, shown(large, [small], branch))).toEqual({
          kind: 'forked',
          against: log.proven,
        })
      }),
    )
  })

  it('is found forked however a proof is bent', () => {
    const log = { proven: at(6), open: [] }
    const good = shown(11, [6])
    const hashes = good.proofs.get(6) ?? []
    for (const [index, hash] of hashes.entries()) {
      const bent = hashes.with(index, Buffer.from(hash).fill(index))
      const next = { ...good, proofs: new Map([[6, bent]]) }
      expect(judge(log, next).kind).toBe('forked')
    }
    for (const bent of [[], hashes.slice(1), [...hashes, at(1).root]]) {
      expect(judge(log, { ...good, proofs: new Map([[6, bent]]) }).kind).toBe('forked')
    }
  })

  it('is found rolled back if its owner was told of more', () => {
    fc.assert(
      fc.property(size, size, (one, other) => {
        fc.pre(one !== other)
        const [small, large] = [Math.min(one, other), Math.max(one, other)]
        const log = { proven: at(large), open: [] }
        expect(judge(log, shown(small, [large]))).toEqual({
          kind: 'rolled_back',
          against: log.proven,
        })
        // A session that began before that one was shown may say less, and lie about nothing.
        expect(judge(log, shown(small, [])).kind).toBe('open')
      }),
    )
  })

  it('is held against the largest that its owner had shown', () => {
    const log = { proven: at(20), open: [at(30), at(25)] }
    expect(judge(log, shown(5, sizesOf(log)))).toEqual({ kind: 'rolled_back', against: at(30) })
  })

  it('is never accused if it only grows, in whatever order its words come and whoever forgets what', () => {
    const contact = fc.record({
      /** How much the log grows before. */
      growth: fc.nat(3),
      /** What comes late: the witness has heard of so many others since it said what it knows. */
      late: fc.nat(4),
      proofs: fc.constantFrom(MOST, 0, 1),
      forgets: fc.nat(9).map((number) => number === 0),
    })
    fc.assert(
      fc.property(fc.array(contact, { maxLength: 13 }), (contacts) => {
        let size = 1
        let log: WitnessedLog | undefined
        const waiting: { readonly next: ReturnType<typeof shown>; left: number }[] = []
        const hear = (next: ReturnType<typeof shown>): void => {
          const judgement = judge(log, next)
          expect(['proven', 'open']).toContain(judgement.kind)
          log = after(log, next, judgement)
        }
        for (const { growth, late, proofs, forgets } of contacts) {
          size += growth
          const from = sizesOf(log)
          const whole = shown(size, from)
          const some = [...whole.proofs].slice(0, proofs)
          waiting.push({ next: { ...whole, proofs: new Map(some) }, left: late })
          // A crash of the witness: what it heard last was not on the disk.
          const before = log
          for (const each of waiting) if (each.left-- === 0) hear(each.next)
          if (forgets && before !== undefined) log = before
        }
        for (const { next, left } of waiting) if (left >= 0) hear(next)
      }),
      { numRuns: 2_000 },
    )
  })

  it('has what was left open settled by a later proof', () => {
    const log = { proven: at(5), open: [at(8), at(12)] }
    expect(judge(log, shown(20, [5, 8, 12]))).toEqual({ kind: 'proven', settled: [8, 12] })
    expect(judge(log, shown(20, [5, 8]))).toEqual({ kind: 'proven', settled: [8] })
    // The same one again, now with a proof.
    expect(judge(log, shown(12, [5, 8]))).toEqual({ kind: 'proven', settled: [8, 12] })
  })

  it('is found forked in what was left open, as soon as somebody asks', () => {
    const branch = entriesOf(6, 1)
    const log = { proven: at(5), open: [at(8, branch)] }
    expect(judge(log, shown(20, [5, 8])).kind).toBe('forked')
    expect(judge(log, shown(8, [5, 8])).kind).toBe('forked')
  })
})

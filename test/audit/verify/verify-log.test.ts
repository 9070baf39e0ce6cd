import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import {
  appendRecord,
  type ChainedRecord,
  type ChainHead,
  chainHash,
  EMPTY_CHAIN,
  leafHash,
} from '../../../src/audit/record/chain.ts'
import type { AuditDraft } from '../../../src/audit/record/record.ts'
import type { TrailFault } from '../../../src/audit/verify/trail-fault.ts'
import { anyDraft, transitionDraft } from '../../support/audit/drafts.ts'
import { verifyRows } from '../../support/audit/verify-rows.ts'

function logOf(drafts: readonly AuditDraft[]): ChainedRecord[] {
  const rows: ChainedRecord[] = []
  let head: ChainHead = EMPTY_CHAIN
  for (const draft of drafts) {
    const row = appendRecord(head, draft)
    rows.push(row)
    head = row
  }
  return rows
}

const SIZE = 60
const LOG = logOf(Array.from({ length: SIZE }, (_, n) => transitionDraft(n)))

/** Index of a row of LOG; `room` rows come after it at least. */
function index(room: number): fc.Arbitrary<number> {
  return fc.nat({ max: SIZE - 1 - room })
}

function rowAt(rows: readonly ChainedRecord[], at: number): ChainedRecord {
  const row = rows[at]
  if (row === undefined) throw new RangeError(`no row ${at}`)
  return row
}

function replaced(at: number, change: (row: ChainedRecord) => ChainedRecord): ChainedRecord[] {
  return LOG.with(at, change(rowAt(LOG, at)))
}

function expectFault(rows: readonly ChainedRecord[], fault: TrailFault): void {
  expect(verifyRows(rows)).toMatchObject({
    ok: false,
    records: fault.seq - 1,
    firstBad: fault,
  })
}

describe('an honest log', () => {
  it('is found whole, whatever its records hold', () => {
    fc.assert(
      fc.property(fc.array(anyDraft, { maxLength: 12 }), (drafts) => {
        const rows = logOf(drafts)
        const last = rows.at(-1) ?? EMPTY_CHAIN
        expect(verifyRows(rows)).toMatchObject({
          ok: true,
          records: drafts.length,
          head: { seq: last.seq, hash: last.hash },
        })
      }),
    )
  })

  it('cut at the end still fits together', () => {
    const verdict = verifyRows(LOG.slice(0, 41))
    expect(verdict).toMatchObject({ ok: true, records: 41 })
  })

  it('that can not be read is not called wrong', () => {
    function* unreadable(): Generator<ChainedRecord> {
      yield* LOG.slice(0, 3)
      throw new Error('disk')
    }
    expect(() => verifyRows(unreadable())).toThrow('disk')
  })
})

describe('a log that was changed is found out at the record where it begins, when', () => {
  it('a letter of a text was edited', () => {
    const edit = fc.tuple(index(0), fc.nat(), fc.integer({ min: 0x20, max: 0x7e }))
    fc.assert(
      fc.property(edit, ([at, where, code]) => {
        const rows = replaced(at, (row) => {
          const cut = where % row.text.length
          const letter = String.fromCharCode(code)
          return { ...row, text: row.text.slice(0, cut) + letter + row.text.slice(cut + 1) }
        })
        fc.pre(rowAt(rows, at).text !== rowAt(LOG, at).text)
        const { ok, firstBad } = verifyRows(rows)
        expect(ok).toBe(false)
        expect(firstBad?.seq).toBe(at + 1)
        expect(['unreadable', 'renumbered', 'hash_mismatch']).toContain(firstBad?.problem)
      }),
      { numRuns: 1000 },
    )
  })

  it('a bit of a hash was flipped', () => {
    fc.assert(
      fc.property(index(0), fc.nat({ max: 255 }), (at, bit) => {
        const rows = replaced(at, (row) => {
          const hash = Uint8Array.from(row.hash)
          hash[bit >> 3] = (hash[bit >> 3] ?? 0) ^ (1 << (bit & 7))
          return { ...row, hash }
        })
        expectFault(rows, { seq: at + 1, problem: 'hash_mismatch' })
      }),
    )
  })

  it('a hash is shorter or longer than it was', () => {
    for (const hash of [new Uint8Array(), rowAt(LOG, 4).hash.subarray(0, 31), Buffer.alloc(33)]) {
      const rows = replaced(4, (row) => ({ ...row, hash }))
      expectFault(rows, { seq: 5, problem: 'hash_mismatch' })
    }
  })

  it('a record was rewritten together with its hash, at the record after it', () => {
    fc.assert(
      fc.property(index(1), (at) => {
        const rows = replaced(at, (row) => {
          const text = row.text.replace('VALIDATING_TOKEN', 'COMPLETED')
          const before = at === 0 ? EMPTY_CHAIN : rowAt(LOG, at - 1)
          return { ...row, text, hash: chainHash(before.hash, leafHash(text)) }
        })
        expectFault(rows, { seq: at + 2, problem: 'hash_mismatch' })
      }),
    )
  })

  it('records in the middle were deleted', () => {
    fc.assert(
      fc.property(index(3), fc.integer({ min: 1, max: 3 }), (at, count) => {
        expectFault(LOG.toSpliced(at, count), { seq: at + 1, problem: 'missing' })
      }),
    )
  })

  it('records in the middle were deleted and the rest numbered anew', () => {
    fc.assert(
      fc.property(index(1), (at) => {
        const rows = LOG.toSpliced(at, 1).map((row, place) => ({ ...row, seq: place + 1 }))
        expectFault(rows, { seq: at + 1, problem: 'renumbered' })
      }),
    )
  })

  it('records in the middle were deleted and the rest numbered anew, texts and all', () => {
    fc.assert(
      fc.property(index(1), (at) => {
        const rows = LOG.toSpliced(at, 1).map((row, place) => ({
          seq: place + 1,
          text: row.text.replace(/"seq":\d+/, `"seq":${place + 1}`),
          hash: row.hash,
        }))
        expectFault(rows, { seq: at + 1, problem: 'hash_mismatch' })
      }),
    )
  })

  it('two records were exchanged', () => {
    fc.assert(
      fc.property(index(10), fc.integer({ min: 1, max: 10 }), (at, distance) => {
        const [a, b] = [rowAt(LOG, at), rowAt(LOG, at + distance)]
        expectFault(LOG.with(at, b).with(at + distance, a), { seq: at + 1, problem: 'missing' })
        const renumbered = LOG.with(at, { ...b, seq: a.seq }).with(at + distance, {
          ...a,
          seq: b.seq,
        })
        expectFault(renumbered, { seq: at + 1, problem: 'renumbered' })
      }),
    )
  })

  it('a record was put in twice', () => {
    fc.assert(
      fc.property(index(0), index(0), (from, at) => {
        fc.pre(from <= at)
        expectFault(LOG.toSpliced(at + 1, 0, rowAt(LOG, from)), {
          seq: at + 2,
          problem: 'repeated',
        })
      }),
    )
  })

  it('a record got another number', () => {
    fc.assert(
      fc.property(index(0), fc.integer({ min: -5, max: 500 }), (at, seq) => {
        fc.pre(seq !== at + 1)
        const rows = replaced(at, (row) => ({ ...row, seq }))
        expectFault(rows, { seq: at + 1, problem: seq > at + 1 ? 'missing' : 'repeated' })
      }),
    )
  })

  it('a piece of another log was spliced in', () => {
    const other = logOf(Array.from({ length: SIZE }, (_, n) => transitionDraft(n + 1000)))
    fc.assert(
      fc.property(index(5), fc.integer({ min: 1, max: 5 }), (at, count) => {
        const rows = LOG.toSpliced(at, count, ...other.slice(at, at + count))
        // From the first record on, the other log is one that begins differently, and fits together itself.
        const seq = at === 0 ? count + 1 : at + 1
        expectFault(rows, { seq, problem: 'hash_mismatch' })
      }),
    )
  })

  it('the beginning was cut off', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: SIZE - 1 }), (count) => {
        expectFault(LOG.slice(count), { seq: 1, problem: 'missing' })
      }),
    )
  })
})

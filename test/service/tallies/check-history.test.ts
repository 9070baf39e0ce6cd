import { describe, expect, it } from 'vitest'
import { sha256Hex } from '../../../src/protocol/base/digest.ts'
import { MAX_FRAME_BYTES } from '../../../src/protocol/frame/frame-limits.ts'
import { HISTORY_FORMAT } from '../../../src/protocol/history/history-file.ts'
import { checkHistory } from '../../../src/service/tallies/check-history.ts'
import { exportedHistory, tallyHistory } from '../../../src/service/tallies/tally-history.ts'
import { StoredParty, tallyOf } from '../../support/service/synced-parties.ts'
import { ALICE, BOB, syncParties } from '../../support/tally/sync-pair.ts'

const TALLY = 'mf3w7a2m4q5r6s7t2u3v4w5x6y'
const OTHER = 'nf3w7a2m4q5r6s7t2u3v4w5x6y'
const PARTIES = { alice: ALICE.peerId, bob: BOB.peerId }

/** Alice and Bob, who have set some keys, one of them both, and have met since. */
async function met() {
  const [alice, bob] = [new StoredParty(ALICE), new StoredParty(BOB)]
  const [ofAlice, ofBob] = [tallyOf(TALLY, PARTIES, 'alice'), tallyOf(TALLY, PARTIES, 'bob')]
  await alice.keep(ofAlice)
  await bob.keep(ofBob)
  await alice.set(ofAlice, 'note', 'lunch')
  await alice.set(ofAlice, 'limit', 250)
  await bob.set(ofBob, 'note', 'dinner')
  await syncParties(alice.replicasWith(bob), bob.replicasWith(alice), [TALLY])
  return { alice, bob, ofAlice, ofBob }
}

type Line = Record<string, unknown>

/** The file of `met`, made once. */
let exported: readonly string[] | undefined

/** The file as lines, changed, and checked. */
async function checked(change: (lines: Line[]) => Line[]) {
  if (exported === undefined) {
    const { alice, ofAlice } = await met()
    exported = await exportedHistory(alice.store, ofAlice, alice.peerId)
  }
  const lines = exported.map((text) => JSON.parse(text))
  const changed = change(lines).map((line) => `${JSON.stringify(line)}\n`)
  return await checkHistory(changed.join(''))
}

function lineWith(at: number, members: Line) {
  return (lines: Line[]) => lines.with(at, { ...lines[at], ...members })
}

describe('an exported history', () => {
  it('is the same from both sides, as what they tell is, and makes the document they have', async () => {
    const { alice, bob, ofAlice, ofBob } = await met()
    const file = await exportedHistory(alice.store, ofAlice, alice.peerId)
    expect(await exportedHistory(bob.store, ofBob, bob.peerId)).toEqual(file)
    const filter = { limit: 10 }
    expect(await tallyHistory(alice.store, ofAlice, filter)).toEqual(
      await tallyHistory(bob.store, ofBob, filter),
    )
    const verdict = await checkHistory(file.join(''))
    expect(verdict).toMatchObject({ fault: undefined, changes: 3, unsigned: 0 })
    expect(verdict).toMatchObject({ signed: { stock: 2, foil: 1 }, heads: bob.row(TALLY).heads })
    expect(JSON.stringify(verdict.document)).toBe(alice.read(ofAlice))
    expect(verdict.conflicts).toMatchObject([{ key: 'note' }])
  })

  it('holds values as large as a tally takes them', async () => {
    const alice = new StoredParty(ALICE)
    const tally = tallyOf(TALLY, PARTIES, 'alice')
    await alice.keep(tally)
    // Text that does not compress: hashes of numbers.
    const hashes = Array.from({ length: 5_000 }, (_, nth) => sha256Hex(`${nth}`))
    await alice.set(tally, 'text', hashes.join(''))
    const file = await exportedHistory(alice.store, tally, alice.peerId)
    expect(file.join('').length).toBeGreaterThan(4 * MAX_FRAME_BYTES)
    const verdict = await checkHistory(file.join(''))
    expect(verdict).toMatchObject({ fault: undefined, changes: 1, unsigned: 0 })
    expect(JSON.stringify(verdict.document)).toBe(alice.read(tally))
  })

  it('of a tally that nobody has changed is its draft alone', async () => {
    const alice = new StoredParty(ALICE)
    const tally = tallyOf(TALLY, PARTIES, 'alice')
    await alice.keep(tally)
    const file = await exportedHistory(alice.store, tally, alice.peerId)
    const verdict = await checkHistory(file.join(''))
    expect(verdict).toMatchObject({ fault: undefined, changes: 0 })
    expect(JSON.stringify(verdict.document)).toBe(alice.read(tally))
  })

  it('whose changes are not signed says so, and of how many', async () => {
    expect(await checked(lineWith(1, { signature: null }))).toMatchObject({
      fault: undefined,
      unsigned: 1,
    })
  })
})

describe('a history is not to be relied on', () => {
  const other = { stock: PARTIES.bob, foil: PARTIES.alice }

  it.each([
    ['of other parties', 'draft', 1, lineWith(0, { parties: other })],
    ['of another tally', 'draft', 1, lineWith(0, { tallyId: OTHER })],
    ['of a draft that is none', 'draft', 1, lineWith(0, { draft: '{}' })],
    ['with another hash', 'hash', 2, lineWith(1, { hash: 'ab'.repeat(32) })],
    [
      'with the bytes of another line’s change',
      'hash',
      2,
      (lines: Line[]) => {
        const [one, other] = [lines[1]?.['change'], lines[2]?.['change']]
        return lines.with(1, { ...lines[1], change: other }).with(2, { ...lines[2], change: one })
      },
    ],
    ['with a change in the other one’s name', 'party', 2, lineWith(1, { party: null })],
    [
      'with another signature',
      'signature',
      3,
      (lines: Line[]) => lineWith(2, { signature: lines[1]?.['signature'] })(lines),
    ],
    ['with other heads', 'heads', 5, lineWith(4, { heads: ['ab'.repeat(32)] })],
    [
      'without a change that others build on',
      'changes',
      2,
      (lines: Line[]) =>
        lines
          .filter((line) => line !== lines.find(({ party }) => party === 'stock'))
          .map((line, at) => (at === 3 ? { ...line, changes: 2 } : line)),
    ],
    ['with a change that is none', 'changes', 2, lineWith(1, { change: 'AAAA' })],
  ] as const)('%s', async (_, fault, line, change) => {
    const verdict = await checked(change)
    expect(verdict.fault).toMatchObject({ fault, line })
    expect(verdict).toMatchObject({ document: null, signed: { stock: 0, foil: 0 } })
  })

  it('whose last change was left out', async () => {
    const verdict = await checked((lines) =>
      lines
        .filter((_, at) => at !== 3)
        .map((line, at) => (at === 3 ? { ...line, changes: 2 } : line)),
    )
    expect(verdict.fault).toMatchObject({ fault: 'heads' })
  })
})

describe('what is no history', () => {
  it.each([
    ['nothing', ''],
    ['another format', `${JSON.stringify({ format: 'x' })}\n{}\n`],
    ['a line that is no JSON', 'x\ny\n'],
  ])('is %s', async (_, text) => {
    await expect(checkHistory(text)).rejects.toMatchObject({ code: 'history_malformed' })
  })

  it('ends early', async () => {
    const { alice, ofAlice } = await met()
    const lines = await exportedHistory(alice.store, ofAlice, alice.peerId)
    expect(JSON.parse(lines[0] ?? '')['format']).toBe(HISTORY_FORMAT)
    await expect(checkHistory(lines.slice(0, -1).join(''))).rejects.toMatchObject({ line: 4 })
    await expect(checkHistory(lines.toSpliced(1, 1).join(''))).rejects.toMatchObject({
      code: 'history_malformed',
    })
  })
})

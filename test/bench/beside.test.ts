import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import { BESIDE_ROWS } from '../../bench/beside/beside-rows.ts'
import { comparedResultsSchema } from '../../bench/beside/compared-results.ts'
import { comparedTable } from '../../bench/beside/compared-text.ts'
import { compareRounds } from '../../bench/beside/comparison.ts'
import type { RoundFigures } from '../../bench/beside/measure.ts'
import { HERE, otherCheckout } from '../../bench/listener/checkout.ts'

function compared(id: string, figures: RoundFigures) {
  const row = BESIDE_ROWS.find((each) => each.id === id)
  if (row === undefined) throw new RangeError(id)
  return compareRounds(row, figures)
}

test('each round is compared with the one beside it: the ratio is the median of theirs, not that of the medians', () => {
  // The machine was ten times slower in the third round, for all.
  const figures = { now: [160, 200, 19], before: [100, 100, 10], bare: [320, 200, 20] }
  expect(compared('P2-10', figures)).toMatchObject({
    now: 160,
    before: 100,
    ratio: 1.9,
    bare: 200,
    ofBare: 0.95,
    met: true,
  })
})

test.each([
  ['P2-1', 1.5],
  ['P2-10', 1.7],
  ['P2-100', 1.7],
  ['P2b', 1.8],
  ['P1', 1.3],
])('%s is met at %d times the rate before, and not below', (id, bound) => {
  expect(compared(id, { now: [bound * 100], before: [100] }).met).toBe(true)
  expect(compared(id, { now: [bound * 100 - 1], before: [100] }).met).toBe(false)
})

test.each([
  ['cpu-100', 0.55],
  ['live', 0.6],
])('%s is met at %d times what it took before, and not above', (id, bound) => {
  expect(compared(id, { now: [bound * 100], before: [100] }).met).toBe(true)
  expect(compared(id, { now: [bound * 100 + 1], before: [100] }).met).toBe(false)
})

test('memory without work is judged beside the bare node, whatever it was before', () => {
  expect(compared('idle', { now: [115], before: [90], bare: [100] }).met).toBe(true)
  expect(compared('idle', { now: [116], before: [190], bare: [100] }).met).toBe(false)
})

test('a row with a problem is not met, and says so', () => {
  const row = compared('P1', { now: [300], before: [100], problem: 'a tally is missing' })
  expect(row).toMatchObject({ met: false, problem: 'a tally is missing' })
  expect(comparedTable([row])).toContain('INVALID: a tally is missing')
})

test('the file holds every row with the figures of each round', () => {
  const rows = BESIDE_ROWS.map(({ id }) => compared(id, { now: [1, 3, 2], before: [2, 2, 2] }))
  const run = {
    machine: { cpu: 'a processor', cores: 2, memoryGiB: 8, platform: 'linux-x64', loadBefore: 0 },
    versions: { node: '24.0.0', sqlite: '3.0.0', libp2p: '3.0.0' },
    date: '2026-11-22T04:50:10.643Z',
    commits: { now: '0000001', before: '0000002' },
  }
  const read = comparedResultsSchema.parse(JSON.parse(JSON.stringify({ ...run, rows })))
  expect(read.rows).toEqual(rows)
  expect(read.rows[0]).toMatchObject({ id: 'P2-1', bare: null, ofBare: null })
  expect(read.rows[0]?.rounds).toEqual({ now: [1, 3, 2], before: [2, 2, 2] })
})

function checkoutWith(file: string): string {
  const root = mkdtempSync(join(tmpdir(), 'checkout-'))
  onTestFinished(() => rmSync(root, { recursive: true }))
  mkdirSync(join(root, dirname(file)), { recursive: true })
  writeFileSync(join(root, file), '')
  return root
}

test('the processes of another checkout are found where its bench has them', () => {
  const options = { directory: 'd', invitations: [{ role: 'foil' }, { role: 'foil' }] } as const
  const flat = otherCheckout(checkoutWith('bench/listener-server.ts'))
  expect(flat.layout.listenerArgs(options)).toEqual(['d', 'foil', '2'])
  const rooms = otherCheckout(checkoutWith(HERE.layout.listener))
  expect(rooms.layout).toBe(HERE.layout)
  expect(JSON.parse(rooms.layout.listenerArgs(options)[0] ?? '')).toEqual(options)
})

test('what has no bench is no checkout to measure', () => {
  expect(() => otherCheckout(checkoutWith('README.md'))).toThrow('no bench')
})

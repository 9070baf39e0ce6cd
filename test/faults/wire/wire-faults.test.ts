import { expect, test } from 'vitest'
import { combinations } from '../trial.ts'
import { matrix } from './matrix.ts'
import { WIRE_FAULTS } from './proxy.ts'

/** Into the middle of any frame of ours, encrypted. */
const MIDDLE = 30

const TROUBLES = WIRE_FAULTS.flatMap((fault) => [
  { kind: 'wire', way: 'along', fault, after: 0 } as const,
  { kind: 'wire', way: 'along', fault, after: MIDDLE } as const,
  { kind: 'wire', way: 'back', fault, after: 0 } as const,
])

test('whatever befalls the wire at any message, both sides end in time, and the same link leads to the one tally', async () => {
  const all = combinations(TROUBLES)
  expect(all).toHaveLength(198)
  expect(await matrix(all)).toEqual([])
}, 120_000)

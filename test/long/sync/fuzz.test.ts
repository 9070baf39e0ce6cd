import { expect, test } from 'vitest'
import { runFuzz } from '../../faults/sync/run-fuzz.ts'

/** FUZZ_SEED sends the same frames again. */
const seed = Number(process.env['FUZZ_SEED'] ?? Math.floor(Math.random() * 1e6))
const CASES = 200_000

test(`of ${CASES} damaged frames, seed ${seed}, none is taken that a whole load refuses, and nothing else is thrown`, async () => {
  const { taken, refused, problems } = await runFuzz(seed, CASES)
  console.log(`${taken} taken, ${refused} refused`)
  expect(problems).toEqual([])
  expect(taken + refused).toBe(CASES)
}, 3_600_000)

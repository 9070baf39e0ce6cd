import { expect, it } from 'vitest'
import { runFuzz } from './run-fuzz.ts'

const CASES = 2_000

it('damaged frames are refused or taken whole, whatever they are, and nothing else is thrown', async () => {
  const { taken, refused, problems } = await runFuzz(1, CASES)
  expect(problems).toEqual([])
  expect(taken + refused).toBe(CASES)
  // Neither is everything refused, nor everything taken: the damage is of both kinds.
  expect(Math.min(taken, refused)).toBeGreaterThan(CASES / 50)
}, 120_000)

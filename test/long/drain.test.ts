import { expect, test } from 'vitest'
import { drainTrial } from '../faults/drain-trial.ts'

test('D6: a drain in the middle of 500 sessions loses none, and is over two seconds after its time', async () => {
  const result = await drainTrial(100, 5)
  console.log(JSON.stringify(result))
  expect(result.sessions).toBe(500)
  expect(result.parked).toBe(result.cut)
})

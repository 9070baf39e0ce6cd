import { expect, it } from 'vitest'
import { RetryAfter } from '../../../src/session/admission/retry-after.ts'

it('few who find no place are told to come again in a second', () => {
  const crowd = new RetryAfter()
  const waits = Array.from({ length: 50 }, (_, index) => crowd.refused(index * 100))
  expect(new Set(waits)).toEqual(new Set([1_000]))
})

it('the more they are, the later, but within bounds; and the crowd is soon forgotten', () => {
  const crowd = new RetryAfter()
  const burst = Array.from({ length: 60 }, () => crowd.refused(5_000))
  expect(burst[59]).toBe(3_000)
  expect(burst).toEqual(burst.toSorted((a, b) => a - b))
  for (let more = 0; more < 1_000; more += 1) crowd.refused(5_000)
  expect(crowd.refused(5_000)).toBe(5_000)
  expect(crowd.refused(15_000)).toBe(1_000)
})

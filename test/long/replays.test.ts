import { expect, test } from 'vitest'
import { replayed } from '../faults/replayed.ts'

test('a captured request, replayed 10,000 times by others, later and after a restart, makes no new tally', async () => {
  expect(await replayed(10_000)).toEqual({ stolen: [], own: [], tallies: 1, audit: 0 })
})

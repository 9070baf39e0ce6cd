import { tmpdir } from 'node:os'
import { expect, test } from 'vitest'
import { failingHooks } from '../../bench/listener/failing.ts'
import { badEnds } from '../../bench/listener/failing-hooks.ts'
import { Place } from '../../bench/process/place.ts'

test('of 280 sessions over real connections each hook goes wrong for seven, in each way once, and no other session minds', async () => {
  expect(badEnds(280)).toBe(21)
  const found = await Place.within(tmpdir(), (place) => failingHooks(place, false, 280))
  expect(found[0]).toMatchObject({ ours: 100, problem: undefined })
}, 90_000)

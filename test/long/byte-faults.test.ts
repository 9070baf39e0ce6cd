import { expect, test } from 'vitest'
import { byteTroubles } from '../faults/wire/byte-troubles.ts'
import { matrix } from '../faults/wire/matrix.ts'
import { WIRE_FAULTS } from '../faults/wire/proxy.ts'

const PLACES = 40

test('wherever in the whole exchange the wire fails, both sides end in time, and the same link leads to the one tally', async () => {
  const all = await byteTroubles(PLACES, WIRE_FAULTS)
  expect(all).toHaveLength(2 * 2 * WIRE_FAULTS.length * PLACES)
  expect(await matrix(all)).toEqual([])
})

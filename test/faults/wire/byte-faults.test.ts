import { expect, test } from 'vitest'
import { byteTroubles } from './byte-troubles.ts'
import { matrix } from './matrix.ts'

/** Places in each direction: from the first byte of the first handshake to the last byte of all. */
const PLACES = 4

test('wherever in the whole exchange the wire fails, both sides end in time, and the same link leads to the one tally', async () => {
  const all = await byteTroubles(PLACES, ['reset', 'cut', 'halfClose', 'blackHole'])
  expect(all).toHaveLength(2 * 2 * 4 * PLACES)
  expect(await matrix(all)).toEqual([])
}, 120_000)

import { expect, test } from 'vitest'
import { combinations } from '../trial.ts'
import { FRAME_FAULTS } from './frame-fault.ts'
import { matrix } from './matrix.ts'

const TROUBLES = FRAME_FAULTS.flatMap((fault) =>
  (['sending', 'receiving'] as const).map((at) => ({ kind: 'frame', at, fault }) as const),
)

test('whatever befalls one frame, both sides end in time, and the same link leads to the one tally', async () => {
  const all = combinations(TROUBLES)
  expect(all).toHaveLength(132)
  expect(await matrix(all)).toEqual([])
}, 120_000)

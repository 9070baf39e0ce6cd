import { expect, it } from 'vitest'
import { runSchedule } from './run-schedule.ts'

const SEEDS = Array.from({ length: 20 }, (_, nth) => nth + 1)

it.each(SEEDS)(
  'after edits, cuts and restarts by chance both sides hold the same, and all that was stored: seed %i',
  async (seed) => {
    expect(await runSchedule(seed)).toEqual([])
  },
)

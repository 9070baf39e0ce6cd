import { describe, expect, it } from 'vitest'
import { findBug } from './find-bug.ts'
import { PLANTED_BUGS } from './planted-bugs.ts'

/** Within so many seeds; the ones that need more are looked for in the long run. */
const SEEDS = 300

/** A bound for a hang: the machine may be slow and shared. */
const TIMEOUT_MS = 240_000

describe('the simulation finds out that', () => {
  it.each(PLANTED_BUGS.filter(({ isRare }) => isRare !== true))(
    '$name',
    async (bug) => {
      const report = await findBug(bug, SEEDS)
      expect(bug.breaks).toContain(report?.violations[0]?.rule)
    },
    TIMEOUT_MS,
  )

  it('nothing is wrong once the bug is gone', () => {
    // Tables are altered in place: each run must put back what it altered.
    expect(PLANTED_BUGS.length).toBeGreaterThanOrEqual(12)
    for (const { tables } of PLANTED_BUGS) tables?.()()
  })
})

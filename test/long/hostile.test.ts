import { expect, test } from 'vitest'
import { ATTACKS } from '../faults/hostile/attack-sizes.ts'
import { type SiegeInit, siege } from '../faults/hostile/siege.ts'

const ROUND = { guests: 40, rounds: 5, headStartMs: 4_000 } as const

const SIEGES: readonly SiegeInit[] = ATTACKS.map((each) => ({ ...each, ...ROUND }))

test.each(SIEGES)(
  'under $attack × $size honest guests are all served, and p99 is at most twice that of a quiet listener beside it',
  async (init) => {
    const result = await siege(init)
    const { problems, blows, uncaught, p99, lagMs, quietLagMs } = result
    console.log(JSON.stringify({ attack: init.attack, ...result }))
    expect(problems).toEqual([])
    expect(uncaught).toEqual([])
    expect(blows).toBeGreaterThan(init.size / 2)
    expect(p99).toBeLessThanOrEqual(2)
    // What comes in one turn of the loop is cut off in it: nothing of what is sent here is worth a tenth of a second.
    if (init.attack === 'garbage') expect(lagMs - quietLagMs).toBeLessThanOrEqual(100)
  },
)

import { expect, test } from 'vitest'
import { RELAYED } from '../../faults/hostile/attack-sizes.ts'
import { type SiegeInit, siege } from '../../faults/hostile/siege.ts'

/** Short: that all are served. How fast is measured by the bench's row `hostile-relayed`. */
const ROUND = { guests: 8, rounds: 1, headStartMs: 3_000, isRelayed: true } as const

const SIEGES: readonly SiegeInit[] = RELAYED.map((each) => ({ ...each, ...ROUND }))

test.each(SIEGES)(
  'under $attack × $size, by the relay or at it, honest guests beyond it are all served',
  async (init) => {
    const result = await siege(init)
    console.log(JSON.stringify({ attack: init.attack, ...result }))
    expect(result.problems).toEqual([])
    expect(result.uncaught).toEqual([])
    expect(result.blows).toBeGreaterThan(0)
  },
)

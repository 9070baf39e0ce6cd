import { expect, test } from 'vitest'
import { type SiegeInit, siege } from './hostile/siege.ts'

/** Small, and half of the attacks: that honest guests are served at all. All of them, and how fast, the long suite compares. */
const ROUND = { guests: 6, rounds: 1, headStartMs: 750 } as const

const SIEGES: readonly SiegeInit[] = [
  { attack: 'silence', size: 200, ...ROUND },
  { attack: 'drip', size: 200, ...ROUND },
  { attack: 'flood', size: 20, ...ROUND },
  { attack: 'glutton', size: 100, ...ROUND },
]

test.each(SIEGES)(
  'under $attack every honest guest gets its tally',
  async (init) => {
    const { problems, blows, uncaught } = await siege(init)
    expect(problems).toEqual([])
    expect(uncaught).toEqual([])
    expect(blows).toBeGreaterThan(Math.min(10, init.size))
  },
  120_000,
)

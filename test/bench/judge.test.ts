import { expect, test } from 'vitest'
import { comparedLatencies, comparedRates, type Taken } from '../../bench/bare/compare.ts'
import type { Measurement } from '../../bench/load/load.ts'
import { judge, NO_GOAL, share } from '../../bench/report/row.ts'
import { tableOf } from '../../bench/report/row-text.ts'

const RATE = { id: 'R', what: 'per second', goal: share(0.5, 'bare') }
const LATENCY = { ...RATE, goal: { text: '≤ bare + 3 ms', most: { overMs: 0 } } }

function rounds(...rates: number[]): Measurement[] {
  return rates.map((rate) => ({ rate, p50: 1000 / rate, p99: 0, serverCpu: 0 }))
}

function taken(ours: Measurement[], bare: Measurement[], rest: Partial<Taken> = {}): Taken {
  return { ours, bare, tuned: undefined, fsyncMs: 1, commitsEach: 2, ...rest }
}

function judgedRate(all: Taken) {
  return judge(RATE, comparedRates(all))
}

function judgedLatency(all: Taken) {
  return judge(LATENCY, comparedLatencies(3)(all))
}

test('each round is compared with the round beside it, not with a better one', () => {
  // The machine was ten times slower in the second round, for both.
  const row = judgedRate(taken(rounds(600, 60, 600), rounds(1000, 100, 1000)))
  expect(row).toMatchObject({ ratio: 0.6, met: true })
})

test('a rate below its share is not met', () => {
  expect(judgedRate(taken(rounds(499), rounds(1000))).met).toBe(false)
})

test('a latency may be what bare takes, the allowance, and two fsyncs', () => {
  const bare = rounds(1000)
  expect(judgedLatency(taken(rounds(1000 / 5.9), bare)).met).toBe(true)
  expect(judgedLatency(taken(rounds(1000 / 6.1), bare)).met).toBe(false)
  expect(judgedLatency(taken(rounds(1000 / 6.1), bare, { fsyncMs: 1.2 })).met).toBe(true)
})

test('a row whose stores are wrong is never met, and says so', () => {
  const row = judgedRate(taken(rounds(900), rounds(1000), { problem: 'a tally is missing' }))
  expect(row).toMatchObject({ met: false, problem: 'a tally is missing' })
  expect(tableOf([row])).toContain('INVALID: a tally is missing')
})

test('what has no goal is neither met nor missed', () => {
  const row = judge({ ...RATE, goal: NO_GOAL }, comparedRates(taken(rounds(1), rounds(1000))))
  expect(row.met).toBeNull()
})

test('libp2p with our settings is told beside, and decides nothing', () => {
  const row = judgedRate(taken(rounds(400), rounds(1000), { tuned: rounds(2000) }))
  expect(row).toMatchObject({ ratio: 0.4, met: false, more: { ratioToTuned: 0.2 } })
})

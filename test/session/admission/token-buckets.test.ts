import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { TokenBuckets } from '../../../src/session/admission/token-buckets.ts'

/** What a bucket is, in the words of a schoolbook: a level that falls by what is taken and rises with time. */
class Bucket {
  #level: number
  #at = 0
  readonly #perMinute: number
  readonly #holds: number

  constructor(perMinute: number, spare: number) {
    this.#perMinute = perMinute
    this.#holds = perMinute + spare
    this.#level = this.#holds
  }

  take(mono: number, cost: number): number {
    this.#fill(mono)
    const lacking = cost - this.#level
    if (lacking > 1e-6) return Math.min(60_000, Math.ceil((lacking * 60_000) / this.#perMinute))
    this.#level -= cost
    return 0
  }

  giveBack(mono: number, amount: number): void {
    this.#fill(mono)
    this.#level = Math.min(this.#holds, this.#level + amount)
  }

  #fill(mono: number): void {
    const gained = ((mono - this.#at) * this.#perMinute) / 60_000
    this.#level = Math.min(this.#holds, this.#level + gained)
    this.#at = mono
  }
}

const KEYS = ['12D3KooWA', '12D3KooWB', '192.0.2.7', '2001:db8:0:1::/64', ''] as const

const step = fc.record({
  key: fc.constantFrom(...KEYS),
  after: fc.nat({ max: 20_000 }),
  cost: fc.constantFrom(0.25, 1, 1, 1, 2),
  what: fc.constantFrom('take', 'take', 'take', 'wait', 'giveBack'),
})

/** Rates of which a token is a whole number of ms, so that both ways of reckoning round alike. */
const rates = fc.constantFrom(1, 2, 6, 10, 60, 600)
const spares = fc.constantFrom(0, 0.5, 2)

describe('a rate table', () => {
  it('answers as one bucket per key would, whatever is asked when', () => {
    fc.assert(
      fc.property(rates, spares, fc.array(step, { maxLength: 200 }), (perMinute, spare, steps) => {
        const table = new TokenBuckets(1_024, spare)
        const model = new Map(KEYS.map((key) => [key, new Bucket(perMinute, spare)]))
        let mono = 1_000
        for (const { key, after, cost, what } of steps) {
          mono += after
          const bucket = model.get(key)
          if (what === 'giveBack') {
            table.giveBack(key, perMinute, cost)
            bucket?.giveBack(mono, cost)
            continue
          }
          const foreseen = table.wait(key, perMinute, mono, cost)
          if (what === 'wait') continue
          const wait = table.take(key, perMinute, mono, cost)
          expect(wait).toBe(foreseen)
          expect(Math.abs(wait - (bucket?.take(mono, cost) ?? Number.NaN))).toBeLessThanOrEqual(1)
        }
      }),
      { numRuns: 300 },
    )
  })

  it('says exactly when there is more', () => {
    const table = new TokenBuckets(8)
    const waits = [0, 0, 0, 0, 0, 0, 0].map((at) => table.take('a', 6, at))
    expect(waits).toEqual([0, 0, 0, 0, 0, 0, 10_000])
    expect(table.take('a', 6, 9_999)).toBe(1)
    expect(table.take('a', 6, 10_000)).toBe(0)
  })

  it('gives a whole minute’s worth at once also where a token is no whole number of ms', () => {
    for (const perMinute of [7, 11, 13, 29, 997]) {
      const table = new TokenBuckets(8)
      for (let taken = 0; taken < perMinute; taken += 1) {
        expect(table.take('a', perMinute, 12_345.678)).toBe(0)
      }
      expect(table.take('a', perMinute, 12_345.678)).toBeGreaterThan(0)
    }
  })

  it('never waits longer than a minute, even for what it never has', () => {
    const table = new TokenBuckets(8)
    expect(table.take('a', 0.5, 0)).toBe(60_000)
    expect(table.take('a', 1, 0, 1_000)).toBe(60_000)
  })

  it('is bounded, and a flood of new keys can not make it forget who has used up its own', () => {
    const table = new TokenBuckets(64)
    expect(table.capacity).toBe(64)
    for (let taken = 0; taken < 10; taken += 1) table.take('exhausted', 10, 0)
    for (let index = 0; index < 100_000; index += 1) {
      table.take(`made up ${index}`, 10, 0)
      if (index % 1_000 === 0) expect(table.take('exhausted', 10, 0)).toBeGreaterThan(0)
    }
    expect(table.inUse(0)).toBeLessThanOrEqual(64)
    expect(table.take('exhausted', 10, 6_000)).toBe(0)
  })

  it('counts the buckets that hold something back, and forgets them as they fill', () => {
    const table = new TokenBuckets(1_024)
    for (let index = 0; index < 20; index += 1) table.take(`peer ${index}`, 10, 0)
    expect(table.inUse(0)).toBe(20)
    expect(table.inUse(6_000)).toBe(0)
  })

  it('takes a changed rate up at once', () => {
    const table = new TokenBuckets(8)
    expect(table.take('a', 1, 0)).toBe(0)
    expect(table.take('a', 1, 30_000)).toBe(30_000)
    expect(table.take('a', 60, 30_000)).toBe(0)
  })
})

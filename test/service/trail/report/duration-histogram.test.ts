import fc from 'fast-check'
import { expect, it } from 'vitest'
import { DurationHistogram } from '../../../../src/service/trail/report/duration-histogram.ts'

const duration = fc.double({ min: 0.002, max: 86_400_000, noNaN: true })

it('a quantile is within 1 % of the one that sorting gives', () => {
  fc.assert(
    fc.property(
      fc.array(duration, { minLength: 1, maxLength: 200 }),
      fc.constantFrom(0, 0.5, 0.95, 1),
      (all, share) => {
        const histogram = new DurationHistogram()
        for (const ms of all) histogram.add(ms)
        const sorted = all.toSorted((a, b) => a - b)
        const exact = sorted[Math.max(1, Math.ceil(share * all.length)) - 1] ?? 0
        const told = histogram.quantile(share) ?? 0
        expect(Math.abs(told / exact - 1)).toBeLessThanOrEqual(0.0101)
        expect(histogram.maxMs).toBe(sorted.at(-1))
      },
    ),
  )
})

it('of nothing there is none', () => {
  expect(new DurationHistogram().quantile(0.5)).toBeUndefined()
})

it('what took no time at all is counted', () => {
  const histogram = new DurationHistogram()
  histogram.add(0)
  expect([histogram.count, histogram.quantile(0.5)]).toEqual([1, 0])
})

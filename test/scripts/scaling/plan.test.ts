import { expect, it } from 'vitest'
import { scalingOf } from '../../../scripts/pages/scaling.ts'
import { carriedBy, PLACES, peakOf, planFor } from '../../../scripts/scaling/plan.ts'

const MEASURED = { nodeMs: 6, serverMs: 3, logBytes: 30_000, storedBytes: 10_000 }

it('a plan carries the busiest minute with one node of each store away', () => {
  const carried = carriedBy(MEASURED)
  for (const place of PLACES) {
    const { stores, nodes, report } = planFor(place, MEASURED)
    expect(stores * Math.min(carried.server, carried.log)).toBeGreaterThanOrEqual(peakOf(place))
    expect(stores * (nodes - 1) * carried.node).toBeGreaterThanOrEqual(peakOf(place))
    expect(Math.max(report.nodeBusy, report.serverBusy)).toBeLessThan(0.7)
  }
})

it('a country costs no more for each bootstrap than a city', () => {
  const [city, country] = PLACES.map((place) => planFor(place, MEASURED).eurosForAMillion)
  expect(country).toBeLessThan(city ?? 0)
})

it('the page prints what was assumed', () => {
  const text = scalingOf(MEASURED)
  expect(text).toContain('12 % of a day’s bootstraps fall into its busiest hour')
  expect(text).toContain('| a node’s processor | 6 ms |')
})

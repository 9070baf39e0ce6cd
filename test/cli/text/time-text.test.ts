import { describe, expect, it } from 'vitest'
import { dateText, isoTimeOrNull, timeText, tookText } from '../../../src/cli/text/time-text.ts'

const NOW = Date.parse('2026-11-22T12:00:00Z')

describe('a time', () => {
  it.each([
    [0, 'now'],
    [-999, 'now'],
    [-12_000, '12 s ago'],
    [-119_000, '119 s ago'],
    [-5 * 60_000, '5 min ago'],
    [-3 * 3_600_000, '3 h ago'],
    [-47 * 3_600_000, '47 h ago'],
    [-72 * 3_600_000, '3 d ago'],
    [90_000, 'in 90 s'],
    [86_399_000, 'in 24 h'],
    [6_000_000, 'in 100 min'],
  ])('%d ms from now is told as "%s" on a terminal', (distance, text) => {
    expect(timeText(NOW + distance, { now: NOW, relative: true })).toBe(text)
  })

  it('is told in UTC where it is kept', () => {
    expect(timeText(NOW, { now: NOW, relative: false })).toBe('2026-11-22T12:00:00.000Z')
  })

  it('that has not come is null in a document', () => {
    expect(isoTimeOrNull(undefined)).toBeNull()
    expect(isoTimeOrNull(0)).toBe('1970-01-01T00:00:00.000Z')
  })
})

describe('how long something took', () => {
  it.each([
    [undefined, ''],
    [0.0312, '0.03 ms'],
    [250, '250 ms'],
    [1_234, '1.23 s'],
    [61_400, '1m1s'],
  ])('%s ms is told as "%s"', (ms, text) => {
    expect(tookText(ms)).toBe(text)
  })
})

it('a date is told with its offset and its distance on a terminal, in UTC elsewhere', () => {
  const [at, now] = [Date.UTC(2026, 10, 21, 8), Date.UTC(2026, 10, 21, 9)]
  expect(dateText(at, { now, relative: false })).toBe('2026-11-21T08:00:00.000Z')
  expect(dateText(at, { now, relative: true })).toMatch(
    /^2026-11-2\dT\d\d:\d\d:00[+-]\d\d:\d\d, 60 min ago$/,
  )
})

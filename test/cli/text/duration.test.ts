import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { formatDuration, parseDuration } from '../../../src/cli/text/duration.ts'

describe('a duration', () => {
  it.each([
    ['30s', 30_000],
    ['15m', 900_000],
    ['24h', 86_400_000],
    ['1d', 86_400_000],
    ['2w', 1_209_600_000],
    ['500ms', 500],
    ['1h30m', 5_400_000],
    [' 5S ', 5_000],
    ['0s', 0],
  ])('%s is %d ms', (text, ms) => {
    expect(parseDuration(text)).toBe(ms)
  })

  it.each([
    '',
    '30',
    's',
    '-5s',
    '1.5h',
    '1 d',
    '5y',
    '1m1h',
    '5s5s',
    '1e3s',
    '٣s',
    '9'.repeat(400),
  ])('%j is refused with an example of what is right', (text) => {
    expect(() => parseDuration(text, { of: '--expires' })).toThrow(/^--expires: .*like 30s/)
  })

  it('outside its bounds is told the bound', () => {
    const bounds = { min: 1_000, max: 3_600_000, of: '--timeout' }
    expect(() => parseDuration('999ms', bounds)).toThrow('--timeout: at least 1s')
    expect(() => parseDuration('61m', bounds)).toThrow('--timeout: at most 1h')
    expect(parseDuration('1h', bounds)).toBe(3_600_000)
    expect(() => parseDuration('999999999999999w')).toThrow('at most')
  })

  it('is formatted so that it reads back the same', () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 10 ** 14 }), (ms) => {
        return parseDuration(formatDuration(ms)) === ms
      }),
    )
  })

  it('is formatted without units that are nought', () => {
    expect(formatDuration(86_400_000)).toBe('1d')
    expect(formatDuration(90_000)).toBe('1m30s')
    expect(formatDuration(0)).toBe('0s')
  })
})

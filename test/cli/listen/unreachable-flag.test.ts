import { expect, test } from 'vitest'
import { unreachableMsOf } from '../../../src/cli/listen/unreachable-flag.ts'

test.each([
  ['2m', 120_000],
  ['0s', 0],
  ['1', 0],
  ['true', 0],
  ['no', undefined],
  ['', undefined],
  [undefined, undefined],
])('%j is %j ms', (text, ms) => {
  expect(unreachableMsOf(text)).toBe(ms)
})

test('what is no duration is refused', () => {
  expect(() => unreachableMsOf('soon')).toThrow(/--exit-if-unreachable/)
})

import { expect, test } from 'vitest'
import { unreachableMsOf, withDuration } from '../../../src/cli/listen/unreachable-flag.ts'

const FLAG = '--exit-if-unreachable'

test.each([
  [[FLAG], [FLAG, '0s']],
  [
    [FLAG, '--plain'],
    [FLAG, '0s', '--plain'],
  ],
  [
    [FLAG, '2m', '--plain'],
    [FLAG, '2m', '--plain'],
  ],
  [[`${FLAG}=2m`], [`${FLAG}=2m`]],
  [['--plain'], ['--plain']],
])('%j is read as %j', (words, read) => {
  expect(withDuration(words)).toEqual(read)
})

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

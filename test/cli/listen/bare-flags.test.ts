import { expect, test } from 'vitest'
import { withBareValues } from '../../../src/cli/listen/bare-flags.ts'

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
  [
    ['--upnp', FLAG],
    ['--upnp', 'on', FLAG, '0s'],
  ],
  [
    ['--upnp', 'off'],
    ['--upnp', 'off'],
  ],
  [
    ['--legacy', '--plain'],
    ['--legacy', 'on', '--plain'],
  ],
])('%j is read as %j', (words, read) => {
  expect(withBareValues(words)).toEqual(read)
})

import { expect, it } from 'vitest'
import { isForPeople } from '../../../src/cli/dashboard/is-for-people.ts'

const TTY = { isTTY: true }

it.each([
  ['a terminal', TTY, TTY, { TERM: 'xterm' }, true],
  ['CI that is said to be off', TTY, TTY, { CI: 'false' }, true],
  ['output to a pipe', TTY, {}, {}, false],
  ['no keyboard', {}, TTY, {}, false],
  ['a screen reader', TTY, TTY, { INK_SCREEN_READER: 'true' }, false],
  ['the wish for something accessible', TTY, TTY, { ACCESSIBLE: '1' }, false],
  ['CI', TTY, TTY, { CI: '1' }, false],
  ['a dumb terminal', TTY, TTY, { TERM: 'dumb' }, false],
] as const)('%s', (_, stdin, stdout, env, isFor) => {
  expect(isForPeople({ stdin, stdout, env })).toBe(isFor)
})

import type { Key as InkKey } from 'ink'
import { expect, it } from 'vitest'
import { interruptsIn, keysOf } from '../../../src/dashboard/keys/terminal-keys.ts'

const NONE: InkKey = {
  upArrow: false,
  downArrow: false,
  leftArrow: false,
  rightArrow: false,
  pageDown: false,
  pageUp: false,
  home: false,
  end: false,
  return: false,
  escape: false,
  ctrl: false,
  shift: false,
  tab: false,
  backspace: false,
  delete: false,
  meta: false,
  super: false,
  hyper: false,
  capsLock: false,
  numLock: false,
}

it('keys that come in one piece are keys one by one', () => {
  expect(keysOf('jj\r', NONE)).toEqual([
    { name: 'text', text: 'j' },
    { name: 'text', text: 'j' },
    { name: 'enter' },
  ])
})

it.each([
  ['upArrow', 'up'],
  ['pageDown', 'page-down'],
  ['return', 'enter'],
  ['escape', 'escape'],
  ['delete', 'backspace'],
] as const)('%s is a key by name', (name, key) => {
  expect(keysOf('', { ...NONE, [name]: true })).toEqual([{ name: key }])
})

it('^C counts as often as it was pressed, however it comes', () => {
  expect(interruptsIn('c', { ...NONE, ctrl: true })).toBe(1)
  expect(interruptsIn('\u0003\u0003', NONE)).toBe(2)
  expect(interruptsIn('c', NONE)).toBe(0)
})

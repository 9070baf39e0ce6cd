import type { Key as InkKey } from 'ink'
import type { Key } from './key.ts'

type Named = Exclude<Key, { readonly name: 'text' }>['name']

const NAMES: readonly (readonly [keyof InkKey, Named])[] = [
  ['upArrow', 'up'],
  ['downArrow', 'down'],
  ['pageUp', 'page-up'],
  ['pageDown', 'page-down'],
  ['home', 'home'],
  ['end', 'end'],
  ['return', 'enter'],
  ['escape', 'escape'],
  ['backspace', 'backspace'],
  ['delete', 'backspace'],
]

/** Characters that are keys in the middle of a text: quick typing, or a slow line, brings several keys in one piece. */
const IN_TEXT: Readonly<Record<string, Named>> = {
  '\r': 'enter',
  '\n': 'enter',
  '\u007f': 'backspace',
  '\b': 'backspace',
  '\u001b': 'escape',
}

/** Reads the keys from what a terminal sent. */
export function keysOf(input: string, key: InkKey): readonly Key[] {
  const named = NAMES.find(([name]) => key[name] === true)
  if (named !== undefined) return [{ name: named[1] }]
  if (key.ctrl || key.meta) return []
  return Array.from(input, (text): Key => {
    const name = IN_TEXT[text]
    return name === undefined ? { name: 'text', text } : { name }
  })
}

/** Counts ^C in what a terminal sent. */
export function interruptsIn(input: string, { ctrl }: InkKey): number {
  return ctrl && input === 'c' ? 1 : input.split('\u0003').length - 1
}

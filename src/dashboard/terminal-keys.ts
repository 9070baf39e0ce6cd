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

/** What a terminal sent, as keys. Quick typing arrives in one piece; into a text it goes as one. */
export function keysOf(input: string, key: InkKey, isTyping: boolean): readonly Key[] {
  const named = NAMES.find(([name]) => key[name] === true)
  if (named !== undefined) return [{ name: named[1] }]
  if (input === '' || key.ctrl || key.meta) return []
  return isTyping
    ? [{ name: 'text', text: input }]
    : Array.from(input, (text): Key => ({ name: 'text', text }))
}

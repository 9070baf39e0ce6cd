import { expect, it } from 'vitest'
import { commandWords } from '../../../src/protocol/base/command-words.ts'

it.each([
  ['python3 /home/me/hooks.py', ['python3', '/home/me/hooks.py']],
  ['  a \t b\n', ['a', 'b']],
  [`sh -c 'echo "$HOME" | cat'`, ['sh', '-c', 'echo "$HOME" | cat']],
  [`a"b c"d''`, ['ab cd']],
  [`'' "" x`, ['', '', 'x']],
  ['C:\\x\\y.exe', ['C:\\x\\y.exe']],
  [`"it's"`, [`it's`]],
  ['', []],
])('%j is divided into words', (line, words) => {
  expect(commandWords(line)).toEqual(words)
})

it.each([`'`, `a "b`, `"it's`, `x'y"z`])('%j has a quote without an end', (line) => {
  expect(commandWords(line)).toBeUndefined()
})

import { expect, test } from 'vitest'
import { indirectComments, repeatedNames } from '../../scripts/walls/names.ts'

test('a name that two files export is named with both', () => {
  const files = [
    { path: 'a.ts', text: 'export const same = 1\nexport function own(): void {}\n' },
    { path: 'b/b.ts', text: 'export abstract class Other {}\nexport type same = string\n' },
    {
      path: 'index.ts',
      text: `export { same } from './a.ts'\nexport type { Other } from './b/b.ts'\n`,
    },
    { path: 'commands/c.ts', text: 'export const same = 2\n' },
  ]
  expect(repeatedNames(files)).toEqual(['same is exported by a.ts and b/b.ts: one name, one thing'])
})

test('one file may overload a function', () => {
  const text = 'export function a(x: 1): void\nexport function a(x: 2): void\n'
  expect(repeatedNames([{ path: 'a.ts', text }])).toEqual([])
})

test('a doc comment that begins with a question word is named with its line', () => {
  const text = [
    '/** Whatever grows. */',
    '/** Who asks. */',
    '/**',
    ' * What is wrong,',
    ' * Who did it.',
    ' */',
    '/** Removes what is old. */',
  ].join('\n')
  expect(indirectComments([{ path: 'a.ts', text }])).toEqual([
    'src/a.ts:2: begin with the subject: /** Who asks. */',
    'src/a.ts:3: begin with the subject: /** * What is wrong,',
  ])
})

import { expect, test } from 'vitest'
import { headingAnchors, linkTargets } from '../../scripts/docs/markdown.ts'

test('links, images, references and titled links are found', () => {
  const text = [
    '[a](one.md) ![b](two.png) [c](three.md "title") [d](<four.md>)',
    '[e][ref]',
    '',
    '[ref]: five.md#part',
  ].join('\n')
  expect(linkTargets(text)).toEqual(['one.md', 'two.png', 'three.md', 'four.md', 'five.md#part'])
})

test('what stands in code is no link', () => {
  const text = [
    '`[a](one.md)` ``x ` [b](two.md)``',
    '```md',
    '[c](three.md)',
    '```',
    '[d](four.md)',
  ]
  expect(linkTargets(text.join('\n'))).toEqual(['four.md'])
})

test('headings give the anchors that forges give them, repeated ones numbered', () => {
  const text = ['# Two commands', '## `token create`, and more!', '## Same', '## Same'].join('\n')
  expect([...headingAnchors(text)]).toEqual([
    'two-commands',
    'token-create-and-more',
    'same',
    'same-1',
  ])
})

test('a comment in a code block is no heading', () => {
  expect([...headingAnchors(['```sh', '# not one', '```', '# one'].join('\n'))]).toEqual(['one'])
})

import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { brokenLinks } from '../../scripts/docs/broken-links.ts'
import { decisionNumberProblems } from '../../scripts/docs/decision-numbers.ts'
import { stalePages } from '../../scripts/docs/stale-pages.ts'

let root: string
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'taleus-docs-'))
  mkdirSync(join(root, 'docs'))
})
afterEach(() => {
  rmSync(root, { recursive: true, force: true })
})

function page(path: string, text: string): string {
  writeFileSync(join(root, path), text)
  return path
}

test('links to files, headings and other sites that are there are fine', () => {
  page('README.md', '# Start\n')
  const links = '[a](../README.md#start) [b](#here) [c](https://example.org/x.md) [d](../README.md)'
  expect(brokenLinks(root, page('docs/a.md', `# Here\n${links}\n`))).toEqual([])
})

test('links to a missing file, a missing heading and out of the project are named', () => {
  page('README.md', '# Start\n')
  const links = '[a](gone.md) [b](../README.md#end) [c](../../x.md) [d](#nowhere)'
  expect(brokenLinks(root, page('docs/a.md', links))).toEqual([
    'docs/a.md: gone.md does not exist',
    'docs/a.md: ../README.md#end names a heading that is not there',
    'docs/a.md: ../../x.md leaves the project',
    'docs/a.md: #nowhere names a heading that is not there',
  ])
})

test('files that a page names, and that are not there, are named', () => {
  page('docs/b.md', '# B\n')
  const text =
    'in `docs/b.md`, `docs/`, `src/gone.ts`, and not `import x from src/y.ts` or `/docs/c.md`'
  expect(brokenLinks(root, page('docs/a.md', text))).toEqual([
    'docs/a.md: src/gone.ts does not exist',
  ])
})

test('two decisions with one number, and a decision without one, are named', () => {
  expect(decisionNumberProblems(['0001-a.md', '0002-b.md'])).toEqual([])
  expect(decisionNumberProblems(['0001-a.md', '0001-b.md', 'c.md'])).toEqual([
    'docs/decisions/0001-b.md: 0001 is taken by 0001-a.md',
    'docs/decisions/c.md: the name must be like 0001-some-title.md',
  ])
})

test('a generated page is stale until it is written, and a generator not there yet is skipped', async () => {
  const generator = join(root, 'generate.mjs')
  writeFileSync(generator, `export const generate = async () => 'fresh\\n'`)
  const pages = [
    { page: 'docs/states.md', generator: pathToFileURL(generator).href },
    { page: 'docs/later.md', generator: './not-there-yet.ts' },
  ]
  expect(await stalePages(root, pages, false)).toEqual(['docs/states.md'])
  expect(await stalePages(root, pages, true)).toEqual(['docs/states.md'])
  expect(readFileSync(join(root, 'docs/states.md'), 'utf8')).toBe('fresh\n')
  expect(await stalePages(root, pages, false)).toEqual([])
  page('docs/states.md', 'edited by hand\n')
  expect(await stalePages(root, pages, false)).toEqual(['docs/states.md'])
})

test('a generated section is stale until it is written, and the page keeps the rest', async () => {
  const generator = join(root, 'generate.mjs')
  writeFileSync(generator, `export const generate = () => 'fresh'`)
  const text = (inside: string) =>
    `# Mine\n\n<!-- generated: x -->${inside}<!-- end: x -->\n\nend\n`
  page('docs/a.md', text('old'))
  const pages = [{ page: 'docs/a.md', section: 'x', generator: pathToFileURL(generator).href }]
  expect(await stalePages(root, pages, true)).toEqual(['docs/a.md'])
  expect(readFileSync(join(root, 'docs/a.md'), 'utf8')).toBe(text('\n\nfresh\n\n'))
  expect(await stalePages(root, pages, false)).toEqual([])
})

test('a generator without generate() is an error, not an empty page', async () => {
  const generator = join(root, 'generate.mjs')
  writeFileSync(generator, 'export const other = 1')
  const pages = [{ page: 'docs/states.md', generator: pathToFileURL(generator).href }]
  await expect(stalePages(root, pages, true)).rejects.toThrow(TypeError)
})

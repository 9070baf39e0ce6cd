/**
 * Checks that the docs are whole: links resolve, decisions have numbers of their own, generated pages are current.
 * With `--write` the generated pages are brought up to date first.
 */
import { globSync } from 'node:fs'
import { basename, join } from 'node:path'
import { brokenLinks } from './docs/broken-links.ts'
import { decisionNumberProblems } from './docs/decision-numbers.ts'
import { GENERATED_PAGES } from './docs/generated-pages.ts'
import { stalePages } from './docs/stale-pages.ts'

const root = join(import.meta.dirname, '..')
const write = process.argv.includes('--write')

const stale = await stalePages(root, GENERATED_PAGES, write)
const pages = globSync(['*.md', '{docs,findings}/**/*.md', 'test/**/*.md'], { cwd: root }).sort()
const decisions = globSync('docs/decisions/*.md', { cwd: root }).map((file) => basename(file))

const problems = [
  ...(write ? [] : stale.map((page) => `${page} is out of date: npm run docs`)),
  ...pages.flatMap((page) => brokenLinks(root, page)),
  ...decisionNumberProblems(decisions.sort()),
]
for (const page of write ? stale : []) console.log(`wrote ${page}`)
for (const problem of problems) console.error(problem)
console.log(`${pages.length} pages, ${problems.length} problems`)
process.exitCode = problems.length > 0 ? 1 : 0

import { spawnSync } from 'node:child_process'
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { type Checkout, HERE } from '../listener/checkout.ts'
import { surroundings } from '../report/results-file.ts'
import type { ComparedResults, ComparedRow } from './compared-results.ts'

/** Writes the rows of a run to `beside.json`. @param loadBefore as of `writeResults` */
export function writeCompared(
  rows: readonly ComparedRow[],
  commits: ComparedResults['commits'],
  loadBefore: number,
): void {
  const results: ComparedResults = {
    ...surroundings(loadBefore),
    date: new Date().toISOString(),
    commits,
    rows: [...rows],
  }
  const file = join(HERE.root, 'bench/results/beside.json')
  writeFileSync(file, `${JSON.stringify(results, null, 2)}\n`)
}

/** Names the commit of a checkout, and whether anything but results has changed since. */
export function commitOf({ root }: Checkout): string {
  const git = (...words: string[]) => spawnSync('git', words, { cwd: root, encoding: 'utf8' })
  const { status, stdout } = git('rev-parse', '--short', 'HEAD')
  if (status !== 0) return 'unknown'
  const isAsCommitted = git('diff', '--quiet', 'HEAD', '--', '.', ':!bench/results').status === 0
  return `${stdout.trim()}${isAsCommitted ? '' : '-dirty'}`
}

import { spawnSync } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { writeBareCli } from './bare-cli.ts'
import { median } from './interleave.ts'
import { plainRow } from './plain-row.ts'
import type { BenchRow } from './results-file.ts'

const TALEUS = join(import.meta.dirname, '../bin/run.js')
const ROUNDS = 15

/** How long a command takes from a cold start, beside one of oclif's that does nothing. After `npm run build`. */
export function coldFigures(parent: string): BenchRow[] {
  const directory = mkdtempSync(join(parent, 'cold-'))
  const create = [
    'token',
    'create',
    '--role',
    'stock',
    '--json',
    '--data-dir',
    join(directory, 'data'),
  ]
  try {
    const bare = writeBareCli(join(directory, 'bare'))
    return [
      beside(
        'P8-version',
        '`taleus --version`, ms',
        [TALEUS, '--version'],
        [bare, '--version'],
        1.3,
      ),
      beside('P8-token', '`taleus token create`, ms', [TALEUS, ...create], [bare, 'hello'], 2),
    ]
  } finally {
    rmSync(directory, { recursive: true, force: true })
  }
}

function beside(
  id: string,
  what: string,
  ours: readonly string[],
  bare: readonly string[],
  most: number,
): BenchRow {
  const times = Array.from({ length: ROUNDS + 1 }, () => [msOf(ours), msOf(bare)] as const).slice(1)
  const ratio = median(times.map(([one, other]) => one / other))
  const figure = {
    id,
    what,
    ours: median(times.map(([one]) => one)),
    bare: median(times.map(([, other]) => other)),
  }
  const row = plainRow({ ...figure, goal: `≤ ${most} × a bare command`, met: ratio <= most })
  return { ...row, ratio: Number(ratio.toFixed(2)) }
}

function msOf(words: readonly string[]): number {
  const start = performance.now()
  const { status, stderr } = spawnSync(process.execPath, words, { encoding: 'utf8' })
  if (status !== 0) throw new Error(`${words.join(' ')} ended with ${status}: ${stderr}`)
  return performance.now() - start
}

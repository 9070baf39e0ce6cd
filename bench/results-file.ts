import { mkdirSync, writeFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { cpus, totalmem } from 'node:os'
import { dirname, join } from 'node:path'
import { z } from 'zod'

/** One figure beside its bare counterpart of the same run. */
export interface BenchRow {
  /** The figure's name, for example `P1`. */
  readonly id: string
  readonly what: string
  readonly ours: number
  readonly bare: number
  readonly ratio: number
  /** What is to be reached, in words. */
  readonly goal: string
  readonly met: boolean
}

const versionSchema = z.object({ version: z.string() })

/**
 * Writes a run's rows for people and programs to read.
 * @param file relative to this folder
 */
export function writeResults(rows: readonly BenchRow[], file = 'results/latest.json'): void {
  const [cpu] = cpus()
  const results = {
    machine: {
      cpu: cpu?.model ?? 'unknown',
      cores: cpus().length,
      memoryGiB: Math.round(totalmem() / 2 ** 30),
      platform: `${process.platform}-${process.arch}`,
    },
    versions: { node: process.versions.node, taleus: version('..'), libp2p: version('libp2p') },
    date: new Date().toISOString(),
    rows,
  }
  const path = join(import.meta.dirname, file)
  mkdirSync(dirname(path), { recursive: true })
  writeFileSync(path, `${JSON.stringify(results, null, 2)}\n`)
}

function version(of: string): string {
  const require = createRequire(import.meta.url)
  return versionSchema.parse(require(`${of}/package.json`)).version
}

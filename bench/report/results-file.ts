import { readFileSync, writeFileSync } from 'node:fs'
import { cpus, totalmem } from 'node:os'
import { join } from 'node:path'
import * as z from 'zod'
import type { BenchRow, Results } from './results.ts'

const ROOT = join(import.meta.dirname, '../..')

const versionSchema = z.object({ version: z.string() })

/**
 * Writes a run's rows for people and programs to read: `latest.json`, and a copy with the date.
 * @param loadBefore processes that wanted a processor before the run began, the minute's average
 * @returns the copy's name
 */
export function writeResults(rows: readonly BenchRow[], loadBefore: number): string {
  const date = new Date().toISOString()
  const results: Results = { ...surroundings(loadBefore), date, rows: [...rows] }
  const path = join(ROOT, 'bench/results')
  const text = `${JSON.stringify(results, null, 2)}\n`
  const copy = `${date.slice(0, 19).replaceAll(':', '')}Z.json`
  for (const file of [copy, 'latest.json']) writeFileSync(join(path, file), text)
  return copy
}

/** The machine and the versions of a run. @param loadBefore as of `writeResults` */
export function surroundings(loadBefore: number): Pick<Results, 'machine' | 'versions'> {
  const [cpu] = cpus()
  return {
    machine: {
      cpu: cpu?.model ?? 'unknown',
      cores: cpus().length,
      memoryGiB: Math.round(totalmem() / 2 ** 30),
      platform: `${process.platform}-${process.arch}`,
      loadBefore: Math.round(loadBefore * 10) / 10,
    },
    versions: {
      node: process.versions.node,
      sqlite: process.versions['sqlite'] ?? 'unknown',
      taleus: versionIn('package.json'),
      libp2p: versionIn('node_modules/libp2p/package.json'),
    },
  }
}

/** Packages need not export their package.json. @param file from the project's directory */
function versionIn(file: string): string {
  return versionSchema.parse(JSON.parse(readFileSync(join(ROOT, file), 'utf8'))).version
}

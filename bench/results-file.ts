import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { cpus, totalmem } from 'node:os'
import { join } from 'node:path'
import * as z from 'zod'
import type { Measurement } from './load.ts'

/** One figure, beside its bare counterpart of the same run where there is one. */
export interface BenchRow {
  /** The figure's name, for example `P1`. */
  readonly id: string
  readonly what: string
  readonly ours: number
  /** `null`: there is nothing bare to compare with. */
  readonly bare: number | null
  readonly ratio: number | null
  /** What is to be reached, in words. */
  readonly goal: string
  /** `null`: there is no goal. */
  readonly met: boolean | null
  /** The stores do not hold what they should: the row says nothing. */
  readonly problem?: string
  /** What else was seen. */
  readonly note?: string
  /** Of a comparison: the median rounds, and what durability cost. */
  readonly more?: {
    readonly ours: Measurement
    readonly bare: Measurement
    /** The bare exchange on nodes with all of our settings. */
    readonly tuned?: Measurement
    /** Of the rates. */
    readonly ratioToTuned?: number
    readonly commitsEach: number
    readonly fsyncMs: number
  }
}

const versionSchema = z.object({ version: z.string() })

/**
 * Writes a run's rows for people and programs to read: `latest.json`, and a copy with the date.
 * @param folder relative to this one
 * @param loadBefore processes that wanted a processor before the run began, the minute's average
 * @returns the copy's name
 */
export function writeResults(
  rows: readonly BenchRow[],
  loadBefore: number,
  folder = 'results',
): string {
  const [cpu] = cpus()
  const date = new Date().toISOString()
  const results = {
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
      taleus: versionIn(join(import.meta.dirname, '../package.json')),
      libp2p: versionIn(packageFile('libp2p')),
    },
    date,
    rows,
  }
  const path = join(import.meta.dirname, folder)
  mkdirSync(path, { recursive: true })
  const text = `${JSON.stringify(results, null, 2)}\n`
  const copy = `${date.slice(0, 19).replaceAll(':', '')}Z.json`
  for (const file of [copy, 'latest.json']) writeFileSync(join(path, file), text)
  return copy
}

function versionIn(file: string): string {
  return versionSchema.parse(JSON.parse(readFileSync(file, 'utf8'))).version
}

/** Packages need not export their package.json. */
function packageFile(name: string): string {
  return join(import.meta.dirname, '../node_modules', name, 'package.json')
}

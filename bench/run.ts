/**
 * `npm run bench`, after `npm run build`: every row of the table, in one run; those about bootstraps in turn with the bare
 * exchange. `node bench/run.ts P1 P4` measures only those (`P4` is also `P4-limits`), and leaves the results file alone;
 * `--all` takes the long ones too, and a soak of ten minutes instead of one of half a minute.
 */
import { mkdirSync } from 'node:fs'
import { loadavg } from 'node:os'
import { join } from 'node:path'
import { Place } from './process/place.ts'
import type { BenchRow } from './report/results.ts'
import { writeResults } from './report/results-file.ts'
import { judge } from './report/row.ts'
import { tableOf } from './report/row-text.ts'
import { ROWS } from './rows.ts'

/** Not the system's temporary folder, which may be in memory: the stores must be on a disk. */
const SCRATCH = join(import.meta.dirname, '..', '.tmp')

const [loadBefore = 0] = loadavg()
const given = process.argv.slice(2)
const isAll = given.includes('--all')
const names = given.filter((word) => !word.startsWith('-'))
mkdirSync(SCRATCH, { recursive: true })
const rows: BenchRow[] = []
const failed: string[] = []
for (const [measure, group] of Map.groupBy(ROWS, (row) => row.measure)) {
  const ids = group.map(({ id }) => id)
  const isNamed = names.some((name) => ids.some((id) => id === name || id.startsWith(`${name}-`)))
  if (names.length === 0 ? !isAll && group[0]?.isLong : !isNamed) continue
  console.log(`${ids.join(', ')} …`)
  try {
    const found = await Place.within(SCRATCH, (place) => measure(place, isAll))
    rows.push(...group.flatMap((row, index) => (found[index] ? [judge(row, found[index])] : [])))
  } catch (error) {
    // The others took a quarter of an hour.
    console.error(error)
    failed.push(...ids)
  }
}
console.log(`\n${tableOf(rows)}\n`)
if (names.length === 0) {
  console.log(`bench/results/latest.json and ${writeResults(rows, loadBefore)}`)
}
if (failed.length > 0) {
  console.error(`Not measured: ${failed.join(', ')}`)
  process.exitCode = 1
}

/**
 * `node bench/beside.ts OTHER_CHECKOUT [ROW…] [--rounds N]`: the build of another checkout beside this one, in turn, in one
 * run. `npm run build` has been run in both. Each row is measured in that many rounds, 5 if not told; all rows if none is
 * named. Both listeners meet the load of this checkout's invitee.
 */
import { existsSync, mkdirSync } from 'node:fs'
import { loadavg } from 'node:os'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { BESIDE_ROWS } from './beside/beside-rows.ts'
import { commitOf, writeCompared } from './beside/compared-file.ts'
import type { ComparedRow } from './beside/compared-results.ts'
import { comparedTable } from './beside/compared-text.ts'
import { compareRounds } from './beside/comparison.ts'
import { HERE, otherCheckout } from './listener/checkout.ts'
import { Place } from './process/place.ts'

const [loadBefore = 0] = loadavg()
const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: { rounds: { type: 'string', default: '5' } },
})
const [path = '', ...names] = positionals
const rounds = Number(values.rounds)
if (!(Number.isInteger(rounds) && rounds > 0)) throw new RangeError(`no rounds: ${values.rounds}`)
const unknown = names.find((name) => BESIDE_ROWS.every(({ id }) => id !== name))
if (unknown !== undefined) throw new RangeError(`no row: ${unknown}`)
const builds = { now: HERE, before: otherCheckout(path) }
for (const { root } of Object.values(builds)) {
  if (!existsSync(join(root, 'dist'))) throw new Error(`not built: ${root}`)
}
const commits = { now: commitOf(builds.now), before: commitOf(builds.before) }

// As for `run.ts`: the stores must be on a disk.
const scratch = join(HERE.root, '.tmp')
mkdirSync(scratch, { recursive: true })
const rows: ComparedRow[] = []
for (const [measure, group] of Map.groupBy(BESIDE_ROWS, (row) => row.measure)) {
  const isWanted = ({ id }: { readonly id: string }) => names.length === 0 || names.includes(id)
  if (!group.some(isWanted)) continue
  console.log(`${group.map(({ id }) => id).join(', ')} …`)
  const found = await Place.within(scratch, (place) => measure(place, builds, rounds))
  const taken = found.flatMap((figures, index) => {
    const row = group[index]
    return row ? [compareRounds(row, figures)] : []
  })
  rows.push(...taken)
  // What was measured is not lost if the next row fails.
  writeCompared(rows, commits, loadBefore)
  console.log(`${comparedTable(taken)}\n`)
}
console.log(`${comparedTable(rows)}\n\nbench/results/beside.json`)

/**
 * `npm run bench`: every figure beside the bare exchange, in turn, in one run. `node bench/run.ts P1 P3`
 * measures only those, and leaves the results file alone.
 */
import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { startBare } from './bare-contender.ts'
import { FIGURES, type Figure } from './figures.ts'
import { fsyncMs } from './fsync-time.ts'
import { interleave } from './interleave.ts'
import { judge } from './judge.ts'
import { ListenerContender } from './listener-contender.ts'
import { type BenchRow, writeResults } from './results-file.ts'
import { tableOf } from './row-text.ts'

/** Not the system's temporary folder, which may be in memory: the stores must be on a disk. */
const SCRATCH = join(import.meta.dirname, '..', '.tmp')

async function measure(figure: Figure): Promise<BenchRow> {
  const { setting, load, rounds } = figure
  const ours = await ListenerContender.start(SCRATCH, { ...setting, ...load })
  try {
    const bare = await startBare(ours.frames)
    try {
      const [oursRounds = [], bareRounds = []] = await interleave([ours, bare], load, rounds)
      return judge(figure, {
        ours: oursRounds,
        bare: bareRounds,
        fsyncMs: fsyncMs(SCRATCH),
        commitsEach: ours.commitsEach,
        problem: await ours.problem(),
      })
    } finally {
      await bare.stop()
    }
  } finally {
    await ours.stop()
  }
}

const wanted = process.argv.slice(2)
const figures = FIGURES.filter(({ id }) => wanted.length === 0 || wanted.includes(id))
mkdirSync(SCRATCH, { recursive: true })
const rows: BenchRow[] = []
for (const figure of figures) {
  console.log(`${figure.id}: ${figure.what} …`)
  rows.push(await measure(figure))
}
console.log(`\n${tableOf(rows)}\n`)
if (wanted.length === 0) console.log(`bench/results/latest.json and ${writeResults(rows)}`)

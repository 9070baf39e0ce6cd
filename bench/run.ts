/**
 * `npm run bench`: every figure beside the bare exchange, in turn, in one run. `node bench/run.ts P1 P3`
 * measures only those, and leaves the results file alone.
 */
import { mkdirSync } from 'node:fs'
import { loadavg } from 'node:os'
import { join } from 'node:path'
import { startBare } from './bare-contender.ts'
import { FIGURES, type Figure } from './figures.ts'
import { fsyncMs } from './fsync-time.ts'
import { interleave } from './interleave.ts'
import { judge, type Taken } from './judge.ts'
import { ListenerContender } from './listener-contender.ts'
import type { Contender, Load } from './load.ts'
import { type BenchRow, writeResults } from './results-file.ts'
import { tableOf } from './row-text.ts'

/** Not the system's temporary folder, which may be in memory: the stores must be on a disk. */
const SCRATCH = join(import.meta.dirname, '..', '.tmp')

/** Before the clock starts: what counts is a listener that has been up for a while, compiled and all. */
const WARM_UP: Load = { connection: 'shared', concurrency: 10, count: 1_500 }

async function measure(figure: Figure): Promise<BenchRow> {
  const { role, client } = figure.setting
  const concurrency = Math.max(figure.load.concurrency, WARM_UP.concurrency)
  const ours = await ListenerContender.start(SCRATCH, { role, client, concurrency })
  const contenders: Contender[] = [ours]
  try {
    contenders.push(await startBare(ours.frames))
    // With its default limits libp2p does not stand many new connections at once.
    if (figure.load.connection === 'shared') contenders.push(await startBare(ours.frames, 'stock'))
    return judge(figure, await take(figure, ours, contenders))
  } finally {
    for (const contender of contenders) await contender.stop()
  }
}

async function take(
  { load, rounds }: Figure,
  ours: ListenerContender,
  contenders: readonly Contender[],
): Promise<Taken> {
  for (const contender of contenders) await contender.measure(WARM_UP)
  ours.warmedUp()
  const [oursRounds = [], bare = [], stock] = await interleave(contenders, load, rounds)
  const { commitsEach } = ours
  const problem = await ours.problem()
  return { ours: oursRounds, bare, stock, fsyncMs: fsyncMs(SCRATCH), commitsEach, problem }
}

const [loadBefore = 0] = loadavg()
const wanted = process.argv.slice(2)
const figures = FIGURES.filter(({ id }) => wanted.length === 0 || wanted.includes(id))
mkdirSync(SCRATCH, { recursive: true })
const rows: BenchRow[] = []
for (const figure of figures) {
  console.log(`${figure.id}: ${figure.what} …`)
  rows.push(await measure(figure))
}
console.log(`\n${tableOf(rows)}\n`)
if (wanted.length === 0)
  console.log(`bench/results/latest.json and ${writeResults(rows, loadBefore)}`)

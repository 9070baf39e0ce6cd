/**
 * `npm run bench`, after `npm run build`: every figure, in one run; those about bootstraps in turn with the bare exchange.
 * `node bench/run.ts P1 P3` measures only those, and leaves the results file alone; `--all` takes the long ones too,
 * and a soak of ten minutes instead of one of half a minute.
 */
import { mkdirSync } from 'node:fs'
import { loadavg } from 'node:os'
import { join } from 'node:path'
import { startBare } from './bare-contender.ts'
import { coldFigures } from './cold-figures.ts'
import { CROWD_IDS, crowdFigure, growthFigures } from './crowd-figures.ts'
import { drainFigure } from './drain-figure.ts'
import { failingFigure } from './failing-figure.ts'
import { FIGURES, type Figure } from './figures.ts'
import { fsyncMs } from './fsync-time.ts'
import { hostileFigure, patientFigure } from './hostile-figure.ts'
import { interleave } from './interleave.ts'
import { judge, type Taken } from './judge.ts'
import { ListenerContender } from './listener-contender.ts'
import { liveFigure } from './live-figure.ts'
import type { Contender, Load } from './load.ts'
import { overloadFigures } from './overload-figure.ts'
import { type BenchRow, writeResults } from './results-file.ts'
import { tableOf } from './row-text.ts'
import { soakFigure } from './soak-figure.ts'
import { storeFigures } from './store-figures.ts'
import { unfinishedFigure } from './unfinished-start.ts'
import { viewFigures } from './view-figures.ts'

/** Not the system's temporary folder, which may be in memory: the stores must be on a disk. */
const SCRATCH = join(import.meta.dirname, '..', '.tmp')

const SHORT_SOAK_SECONDS = 30
const LONG_SOAK_SECONDS = 600

/** Before the clock starts: what counts is a listener that has been up for a while, compiled and all. */
const WARM_UP: Load = { connection: 'shared', concurrency: 10, count: 1_500 }

async function measure(figure: Figure): Promise<BenchRow> {
  const { role, client } = figure.setting
  const concurrency = Math.max(figure.load.concurrency, WARM_UP.concurrency)
  const ours = await ListenerContender.start(SCRATCH, { role, client, concurrency })
  const contenders: Contender[] = [ours]
  try {
    contenders.push(await startBare(ours.frames))
    contenders.push(await startBare(ours.frames, 'tuned'))
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
  const [oursRounds = [], bare = [], tuned] = await interleave(contenders, load, rounds)
  const { commitsEach } = ours
  const problem = await ours.problem()
  return { ours: oursRounds, bare, tuned, fsyncMs: fsyncMs(SCRATCH), commitsEach, problem }
}

/** What is measured, by name; the long ones only with `--all`, or when asked for. */
interface Part {
  readonly ids: readonly string[]
  readonly isLong?: boolean
  measure(): Promise<readonly BenchRow[]>
}

const PARTS: readonly Part[] = [
  ...FIGURES.map((figure) => ({ ids: [figure.id], measure: async () => [await measure(figure)] })),
  { ids: ['P4', 'P5'], measure: async () => await storeFigures(SCRATCH) },
  { ids: ['P6'], isLong: true, measure: async () => [await unfinishedFigure(SCRATCH)] },
  { ids: ['P7-live'], measure: async () => [await liveFigure(SCRATCH)] },
  { ids: ['growth', 'P7-growth'], measure: async () => await growthFigures(SCRATCH) },
  { ids: ['P7-soak'], measure: async () => [await soakFigure(SCRATCH, soakSeconds)] },
  { ids: ['P8'], measure: async () => coldFigures(SCRATCH) },
  { ids: ['D5'], measure: async () => [await failingFigure(SCRATCH)] },
  { ids: ['D6'], measure: async () => [await drainFigure(SCRATCH)] },
  { ids: ['D4'], measure: async () => await overloadFigures(SCRATCH) },
  { ids: ['E1'], measure: async () => [await patientFigure()] },
  { ids: ['hostile'], isLong: true, measure: async () => [await hostileFigure()] },
  { ids: ['view', 'view-listen'], measure: async () => await viewFigures(SCRATCH) },
  ...CROWD_IDS.map((id) => ({ ids: [id], measure: async () => await crowdFigure(SCRATCH, id) })),
]

const [loadBefore = 0] = loadavg()
const given = process.argv.slice(2)
const isAll = given.includes('--all')
const wanted = given.filter((word) => !word.startsWith('-'))
const soakSeconds = isAll ? LONG_SOAK_SECONDS : SHORT_SOAK_SECONDS
const parts = PARTS.filter(({ ids, isLong = false }) =>
  wanted.length === 0 ? isAll || !isLong : ids.some((id) => wanted.includes(id)),
)
mkdirSync(SCRATCH, { recursive: true })
const rows: BenchRow[] = []
for (const { ids, measure: take } of parts) {
  console.log(`${ids.join(', ')} …`)
  rows.push(...(await take()))
}
console.log(`\n${tableOf(rows)}\n`)
if (wanted.length === 0)
  console.log(`bench/results/latest.json and ${writeResults(rows, loadBefore)}`)

import { startBare } from './bare-contender.ts'
import { median } from './interleave.ts'
import { ListenerContender } from './listener-contender.ts'
import type { Load, WatchedContender } from './load.ts'
import { plainRow } from './plain-row.ts'
import type { BenchRow } from './results-file.ts'

const MIB = 2 ** 20

/** A crowd that comes all at once, or nearly so. */
interface Crowd {
  readonly id: string
  readonly what: string
  readonly load: Load
  readonly maxRssMib: number
  readonly maxSeconds?: number
  readonly maxLagMs?: number
}

const CROWDS: readonly Crowd[] = [
  {
    id: 'D1',
    what: '% of 1,000 sessions from one peer, all at once, no pause after the dial',
    load: { connection: 'shared', concurrency: 1_000, count: 1_000, mayFail: true },
    maxRssMib: 400,
  },
  {
    id: 'D2',
    what: '% of 1,000 sessions from as many peers, all at once',
    load: { connection: 'new', concurrency: 1_000, count: 1_000, mayFail: true },
    maxRssMib: 600,
    maxSeconds: 30,
  },
  {
    id: 'D3',
    what: '% of 10,000 sessions from 100 peers, 1,000 at a time',
    load: { connection: { peers: 100 }, concurrency: 1_000, count: 10_000, mayFail: true },
    maxRssMib: 1_024,
    maxLagMs: 1_000,
  },
]

export const CROWD_IDS: readonly string[] = CROWDS.map(({ id }) => id)

/** A fresh listener for each crowd: what counts is the most memory that it ever had. */
export async function crowdFigure(parent: string, id: string): Promise<BenchRow[]> {
  const rows: BenchRow[] = []
  for (const crowd of CROWDS.filter((each) => each.id === id)) rows.push(await come(parent, crowd))
  return rows
}

async function come(parent: string, crowd: Crowd): Promise<BenchRow> {
  const { id, what, load, maxRssMib, maxSeconds, maxLagMs } = crowd
  const { concurrency } = load
  const ours = await ListenerContender.start(parent, {
    role: 'stock',
    client: 'light',
    concurrency,
  })
  try {
    await ours.usage(true)
    const { rate, failed = 0, again = 0, reasons = [] } = await ours.measure(load)
    const { peakRss, lagMs } = await ours.usage()
    const problem = await ours.problem(again)
    const seconds = (load.count - failed) / rate
    const rssMib = Math.round(peakRss / MIB)
    const done = ((load.count - failed) / load.count) * 100
    const met =
      failed === 0 &&
      problem === undefined &&
      rssMib <= maxRssMib &&
      (maxSeconds === undefined || seconds <= maxSeconds) &&
      (maxLagMs === undefined || lagMs <= maxLagMs)
    const goal = [
      '100 %',
      `RSS ≤ ${maxRssMib} MiB`,
      ...(maxSeconds === undefined ? [] : [`≤ ${maxSeconds} s`]),
      ...(maxLagMs === undefined ? [] : [`lag ≤ ${maxLagMs} ms`]),
    ].join(', ')
    const note = `${seconds.toFixed(1)} s, RSS ${rssMib} MiB, loop lag ${Math.round(lagMs)} ms, ${again} tried again`
    const row = plainRow({ id, what, ours: done, goal, met, note: [note, ...reasons].join('; ') })
    return problem === undefined ? row : { ...row, problem }
  } finally {
    await ours.stop()
  }
}

const GROWTH = [10, 100, 1_000, 10_000]

/** So many exchanges take a second at least. */
const EXCHANGES = 2_500

/** What each session costs when there are more of them, and what of it stays. */
export async function growthFigures(parent: string): Promise<BenchRow[]> {
  const setting = { role: 'stock', client: 'light', concurrency: 100 } as const
  const ours = await ListenerContender.start(parent, setting)
  const bare = await startBare(ours.frames)
  const contenders = [ours, bare] as const
  const rows: BenchRow[] = []
  try {
    const warm: Load = { connection: 'shared', concurrency: 100, count: 2_000 }
    for (const each of contenders) await each.measure(warm)
    for (const count of GROWTH) {
      const load: Load = { connection: 'shared', concurrency: Math.min(100, count), count }
      const { rate, serverCpu } = await again(ours, load)
      const beside = await again(bare, load)
      const what = `bootstraps/s of ${count.toLocaleString('en')}, ${load.concurrency} at a time`
      const note = `server CPU ${serverCpu.toFixed(2)} / ${beside.serverCpu.toFixed(2)} ms each`
      const figure = { id: `growth-${count}`, what, ours: rate, bare: beside.rate }
      rows.push(plainRow({ ...figure, goal: 'none, for information', met: null, note }))
    }
    const before = await ours.usage(true)
    await ours.measure({ ...warm, count: LATER_SESSIONS })
    return [...rows, await leftOver(ours, before)]
  } finally {
    for (const each of contenders) await each.stop()
  }
}

/** A load of ten is over in some ms: enough of them for a second and more, and the middle one. */
async function again(contender: WatchedContender, load: Load) {
  const times = Math.max(1, Math.ceil(EXCHANGES / load.count))
  const before = await contender.usage()
  const rates: number[] = []
  for (let time = 0; time < times; time += 1) rates.push((await contender.measure(load)).rate)
  const { cpu } = await contender.usage()
  return { rate: median(rates), serverCpu: (cpu - before.cpu) / (times * load.count) }
}

/** The heap and SQLite's memory have their size by then: what is added is what stays of each session. */
const LATER_SESSIONS = 10_000
const MAX_GROWTH_MIB = 10
const QUIET_MS = 3_000

/** What stays after the last session, once everything is quiet. */
async function leftOver(
  ours: ListenerContender,
  before: { readonly rss: number; readonly live: number; readonly handles: number },
): Promise<BenchRow> {
  await new Promise((resolve) => setTimeout(resolve, QUIET_MS))
  const after = await ours.usage(true)
  const grown = (after.rss - before.rss) / MIB
  const handles = after.handles - before.handles
  const live = (after.live - before.live) / MIB
  const what = `MiB more resident after ${LATER_SESSIONS.toLocaleString('en')} sessions than before, after as many`
  const goal = `≤ ${MAX_GROWTH_MIB} MiB, 0 handles`
  const note = `live ${live.toFixed(1)} MiB more, ${handles} handles more`
  const met = grown <= MAX_GROWTH_MIB && handles <= 0
  return plainRow({ id: 'P7-growth', what, ours: grown, goal, met, note })
}

import { setTimeout as sleep } from 'node:timers/promises'
import { startBare } from '../bare/start-bare.ts'
import type { Contender } from '../load/contender.ts'
import { median } from '../load/interleave.ts'
import type { Load } from '../load/load.ts'
import type { Place } from '../process/place.ts'
import type { ProcessUsage } from '../process/usage.ts'
import type { Finding } from '../report/row.ts'
import { Bootstraps, LIGHT_STOCK } from './bootstraps.ts'

const [KIB, MIB] = [2 ** 10, 2 ** 20]
const SHARED: Load = { connection: 'shared', concurrency: 100, count: 2_000 }
export const LIVE_SESSIONS = 500

/** Measures what a session takes while it waits for the invitee's database, beside a bare stream, KiB. */
export async function live(place: Place): Promise<Finding[]> {
  const ours = await Bootstraps.start(place, { ...LIGHT_STOCK, role: 'foil' })
  const one = await liveBytes(ours)
  const other = await liveBytes(await startBare(place, ours.frames, 'tuned'))
  const note = `${(one.bytes / KIB).toFixed(1)} beside ${(other.bytes / KIB).toFixed(1)}`
  const lost = one.lost + other.lost
  const problem = lost === 0 ? undefined : `${lost} were over too early`
  return [{ ours: (one.bytes - other.bytes) / KIB, note, problem }]
}

/** Measures what one of many exchanges takes that wait after the first answer; `lost` of them did not wait. */
export async function liveBytes(contender: Contender) {
  await contender.measure(SHARED)
  const before = await contender.usage(true)
  await contender.measure({ ...SHARED, count: LIVE_SESSIONS, hold: true })
  const after = await contender.usage(true)
  const { held = 0 } = await contender.measure({ ...SHARED, count: 1 })
  return { bytes: (after.live - before.live) / LIVE_SESSIONS, lost: LIVE_SESSIONS - held }
}

/** Bootstraps in a row. */
const GROWTH = [10, 100, 1_000, 10_000]
/** So many exchanges take a second at least. */
const EXCHANGES = 2_500
/** The heap and SQLite's memory have their size by then: what is added stays of each session. */
const LATER_SESSIONS = 10_000
const QUIET_MS = 3_000

/** Measures the cost of each session when there are more of them, and what of it stays. */
export async function growth(place: Place): Promise<Finding[]> {
  const ours = await Bootstraps.start(place, LIGHT_STOCK)
  const bare = await startBare(place, ours.frames)
  for (const each of [ours, bare]) await each.measure(SHARED)
  const found: Finding[] = []
  for (const count of GROWTH) {
    const load: Load = { ...SHARED, concurrency: Math.min(100, count), count }
    const [own, other] = [await repeated(ours, load), await repeated(bare, load)]
    const note = `server CPU ${own.cpu.toFixed(2)} / ${other.cpu.toFixed(2)} ms each`
    found.push({ ours: own.rate, bare: other.rate, note })
  }
  const before = await ours.usage(true)
  await ours.measure({ ...SHARED, count: LATER_SESSIONS })
  await sleep(QUIET_MS)
  const { rss, live: inUse, handles } = grown(before, await ours.usage(true))
  const note = `live ${inUse.toFixed(1)} MiB more, ${handles} handles more`
  return [...found, { ours: rss, also: { handles, failed: 0 }, note }]
}

/** A load of ten is over in some ms: repeats it for a second and more. @returns the middle rate, and CPU each, ms */
async function repeated(contender: Contender, load: Load) {
  const runs = Math.max(1, Math.ceil(EXCHANGES / load.count))
  const before = await contender.usage()
  const rates: number[] = []
  for (let run = 0; run < runs; run += 1) rates.push((await contender.measure(load)).rate)
  const { cpu } = await contender.usage()
  return { rate: median(rates), cpu: (cpu - before.cpu) / (runs * load.count) }
}

/** In MiB. */
function grown(before: ProcessUsage, after: ProcessUsage) {
  const mib = (of: 'rss' | 'live') => (after[of] - before[of]) / MIB
  return { rss: mib('rss'), live: mib('live'), handles: after.handles - before.handles }
}

const SOAK_PER_SECOND = 50
const SOAK_SLICES = 6
const SHORT_SOAK_SECONDS = 30
const LONG_SOAK_SECONDS = 600
const WARM_UP_SESSIONS = 500

/** Measures what stays of the memory when bootstraps come and go at a steady rate, a new peer each. */
export async function soak(place: Place, isAll: boolean): Promise<Finding[]> {
  const seconds = isAll ? LONG_SOAK_SECONDS : SHORT_SOAK_SECONDS
  const ours = await Bootstraps.start(place, LIGHT_STOCK)
  const count = Math.ceil((seconds * SOAK_PER_SECOND) / SOAK_SLICES)
  // On a machine that others use too a dial may take too long: then it is tried again, and none is lost.
  const steady = { perSecond: SOAK_PER_SECOND, mayFail: true } as const
  const slice: Load = { ...SHARED, connection: 'new', count, ...steady }
  const taken = [await ours.measure({ ...slice, count: Math.min(count, WARM_UP_SESSIONS) })]
  const before = await ours.usage(true)
  let last = before
  for (let index = 0; index < SOAK_SLICES; index += 1) {
    taken.push(await ours.measure(slice))
    last = await ours.usage(true)
  }
  const sum = (of: 'failed' | 'again') => taken.reduce((all, each) => all + (each[of] ?? 0), 0)
  const slowest = Math.max(...taken.slice(1).map(({ p99 }) => p99))
  const { rss, live: inUse, handles } = grown(before, last)
  const note = `${seconds} s, RSS ${rss.toFixed(1)} MiB more, ${handles} handles more, worst p99 ${slowest.toFixed(0)} ms, ${sum('again')} tried again, ${sum('failed')} lost`
  const problem = await ours.problem()
  return [{ ours: inUse, also: { handles, failed: sum('failed') }, note, problem }]
}

import { startBare } from '../bare/start-bare.ts'
import { Bootstraps, LIGHT_STOCK, type ListenerSetting } from '../listener/bootstraps.ts'
import { LIVE_SESSIONS, liveBytes } from '../listener/memory.ts'
import type { Contender } from '../load/contender.ts'
import { interleave } from '../load/interleave.ts'
import type { Load } from '../load/load.ts'
import { WARM_UP } from '../load/loads.ts'
import type { MeasureBeside } from './measure.ts'

/**
 * Measures bootstraps at two builds, and the bare exchange, in turn.
 * @param figures one for each row: their rate, or the processor time of the server for each, ms
 */
export function ratesBeside(
  setting: Pick<ListenerSetting, 'role' | 'client'>,
  load: Load,
  figures: readonly ('rate' | 'serverCpu')[] = ['rate'],
): MeasureBeside {
  return async (place, builds, rounds) => {
    const concurrency = Math.max(load.concurrency, WARM_UP.concurrency)
    const own = await Bootstraps.start(place, { ...setting, concurrency }, builds.now)
    const other = await Bootstraps.start(place, { ...setting, concurrency }, builds.before)
    const contenders = [own, other, await startBare(place, own.frames)]
    for (const each of contenders) await each.measure(WARM_UP)
    const taken = await interleave(contenders, load, rounds)
    const [now = [], before = [], bare = []] = taken
    const [reason] = taken.flat().flatMap(({ reasons = [] }) => reasons)
    const problem = reason ?? (await own.problem()) ?? (await other.problem())
    return figures.map((figure) => ({
      now: now.map((each) => each[figure]),
      before: before.map((each) => each[figure]),
      bare: bare.map((each) => each[figure]),
      problem,
    }))
  }
}

const KIB = 2 ** 10

/** Measures what a session takes more than a bare stream while both wait, KiB, at two builds in turn. */
export const liveBeside: MeasureBeside = async (place, builds, rounds) => {
  const setting = { ...LIGHT_STOCK, role: 'foil' } as const
  const own = await Bootstraps.start(place, setting, builds.now)
  const other = await Bootstraps.start(place, setting, builds.before)
  const stream = await startBare(place, own.frames, 'tuned')
  const [now, before]: [number[], number[]] = [[], []]
  let lost = 0
  const bytesOf = async (contender: Contender): Promise<number> => {
    const live = await liveBytes(contender)
    lost += live.lost
    return live.bytes
  }
  for (let round = 0; round < rounds; round += 1) {
    const taken = [await bytesOf(own), await bytesOf(other)] as const
    const bare = await bytesOf(stream)
    now.push((taken[0] - bare) / KIB)
    before.push((taken[1] - bare) / KIB)
  }
  const of = rounds * 3 * LIVE_SESSIONS
  const problem = lost === 0 ? undefined : `${lost} of ${of} were over too early`
  return [{ now, before, problem }]
}

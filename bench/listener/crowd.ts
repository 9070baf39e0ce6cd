import type { Load } from '../load/load.ts'
import type { Row } from '../report/row.ts'
import { Bootstraps, LIGHT_STOCK } from './bootstraps.ts'

const MIB = 2 ** 20

/** Measures a crowd that comes to a fresh listener: what counts is the most memory that it ever had. */
export function crowd(wanted: Load): Row['measure'] {
  return async (place) => {
    const load = { ...wanted, mayFail: true }
    const ours = await Bootstraps.start(place, LIGHT_STOCK)
    await ours.usage(true)
    const { rate, failed = 0, again = 0, reasons = [] } = await ours.measure(load)
    const { peakRss, lagMs } = await ours.usage()
    const seconds = (load.count - failed) / rate
    const rssMib = Math.round(peakRss / MIB)
    const note = `${seconds.toFixed(1)} s, RSS ${rssMib} MiB, loop lag ${Math.round(lagMs)} ms, ${again} tried again`
    return [
      {
        ours: ((load.count - failed) / load.count) * 100,
        also: { seconds, rssMib, lagMs },
        note: [note, ...reasons].join('; '),
        problem: await ours.problem(),
      },
    ]
  }
}

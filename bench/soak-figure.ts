import { ListenerContender } from './listener-contender.ts'
import type { Load } from './load.ts'
import { plainRow } from './plain-row.ts'
import type { BenchRow } from './results-file.ts'

const MIB = 2 ** 20
const PER_SECOND = 50
const SLICES = 6
const MAX_GROWTH_MIB = 10

/**
 * Bootstraps that come and go at a steady rate, a new peer and connection each: what of the memory stays.
 * @param seconds all in all
 */
export async function soakFigure(parent: string, seconds: number): Promise<BenchRow> {
  const setting = { role: 'stock', client: 'light', concurrency: 100 } as const
  const ours = await ListenerContender.start(parent, setting)
  const count = Math.ceil((seconds * PER_SECOND) / SLICES)
  // On a machine that others use too a dial may take too long: then it is tried again, and none is lost.
  const slice: Load = {
    connection: 'new',
    concurrency: 100,
    count,
    perSecond: PER_SECOND,
    mayFail: true,
  }
  try {
    const warm = await ours.measure({ ...slice, count: Math.min(count, 500) })
    let [failed, again] = [warm.failed, warm.again]
    const before = await ours.usage(true)
    let slowest = 0
    let last = before
    for (let index = 0; index < SLICES; index += 1) {
      const measured = await ours.measure(slice)
      slowest = Math.max(slowest, measured.p99)
      failed += measured.failed
      again += measured.again
      last = await ours.usage(true)
    }
    const problem = await ours.problem(again)
    const grown = (last.live - before.live) / MIB
    const handles = last.handles - before.handles
    const what = `MiB more in use after ${seconds} s of ${PER_SECOND}/s, a new peer each`
    const goal = `≤ ${MAX_GROWTH_MIB} MiB, 0 handles`
    const met = grown <= MAX_GROWTH_MIB && handles <= 0 && failed === 0 && problem === undefined
    const resident = (last.rss - before.rss) / MIB
    const note = `RSS ${resident.toFixed(1)} MiB more, ${handles} handles more, worst p99 ${slowest.toFixed(0)} ms, ${again} tried again, ${failed} lost`
    const row = plainRow({ id: 'P7-soak', what, ours: grown, goal, met, note })
    return problem === undefined ? row : { ...row, problem }
  } finally {
    await ours.stop()
  }
}

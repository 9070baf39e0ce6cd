import { startBare } from './bare-contender.ts'
import { ListenerContender } from './listener-contender.ts'
import type { Load, WatchedContender } from './load.ts'
import { atMost, plainRow } from './plain-row.ts'
import type { BenchRow } from './results-file.ts'

const SESSIONS = 500
const KIB = 1_024
const MAX_KIB = 20

/** Bytes that one session more takes while it waits for the invitee's database, beside a bare stream. */
export async function liveFigure(parent: string): Promise<BenchRow> {
  const setting = { role: 'foil', client: 'light', concurrency: 100 } as const
  const ours = await ListenerContender.start(parent, setting)
  const bare = await startBare(ours.frames, 'tuned')
  try {
    const one = await bytesEach(ours)
    const other = await bytesEach(bare)
    const perSession = (one.bytes - other.bytes) / KIB
    const what = `KiB that a live session takes more than a bare stream, of ${SESSIONS}`
    const { goal, met } = atMost(MAX_KIB, 'KiB')(perSession)
    const note = `${(one.bytes / KIB).toFixed(1)} beside ${(other.bytes / KIB).toFixed(1)}`
    const row = plainRow({ id: 'P7-live', what, ours: perSession, goal, met, note })
    const lost = one.lost + other.lost
    return lost === 0 ? row : { ...row, problem: `${lost} were over too early`, met: false }
  } finally {
    await ours.stop()
    await bare.stop()
  }
}

async function bytesEach(contender: WatchedContender) {
  const warm: Load = { connection: 'shared', concurrency: 100, count: 2_000 }
  await contender.measure(warm)
  const before = await contender.usage(true)
  const load: Load = { connection: 'shared', concurrency: 100, count: SESSIONS, hold: true }
  await contender.measure(load)
  const after = await contender.usage(true)
  const { held = 0 } = await contender.measure({ ...warm, count: 1 })
  return { bytes: (after.live - before.live) / SESSIONS, lost: SESSIONS - held }
}

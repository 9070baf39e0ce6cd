import { spawnSync } from 'node:child_process'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { listen, TALEUS } from '../command/taleus.ts'
import { median } from '../load/interleave.ts'
import type { Place } from '../process/place.ts'
import { residentMib } from '../process/resident.ts'
import type { Finding } from '../report/row.ts'

/** As many as may wait at all invitations together. */
const WAITING = 10_000
const ROUNDS = 3
const MAKER = join(import.meta.dirname, 'pending-store.ts')
/** By then what only the start needed has mostly been collected, and the housekeeping has looked for what is over. */
const SETTLE_MS = 5_000

/** Start, memory and list of an inviter. */
interface Figures {
  readonly readyMs: number
  readonly mib: number
  readonly listMs: number
}

/** Measures a real `taleus listen` and `taleus sessions pending` where 10,000 requests wait, in turn with one where none does. */
export async function pending(place: Place): Promise<Finding[]> {
  const directories = [WAITING, 0].map((count) => {
    const directory = join(place.directory, `${count}`)
    run([MAKER, directory, `${count}`])
    return directory
  })
  const rounds: (readonly Figures[])[] = []
  for (let round = 0; round < ROUNDS; round += 1) {
    const taken: Figures[] = []
    for (const directory of directories) taken.push(await figuresOf(directory))
    rounds.push(taken)
  }
  const of = (index: number, name: keyof Figures): number =>
    median(rounds.map((taken) => taken[index]?.[name] ?? Number.NaN))
  return (['readyMs', 'mib', 'listMs'] as const).map((name) => {
    return { ours: of(0, name), bare: of(1, name) }
  })
}

async function figuresOf(directory: string): Promise<Figures> {
  const listener = await listen(directory)
  try {
    await sleep(SETTLE_MS)
    const mib = residentMib(listener.pid)
    const began = performance.now()
    run([TALEUS, 'sessions', 'pending', '--limit', '1000', '--json', '--data-dir', directory])
    return { readyMs: listener.readyMs, mib, listMs: performance.now() - began }
  } finally {
    await listener.stop()
  }
}

function run(words: readonly string[]): void {
  const { status, stderr } = spawnSync(process.execPath, words, {
    encoding: 'utf8',
    maxBuffer: 2 ** 26,
  })
  if (status !== 0) throw new Error(`${words.join(' ')} ended with ${status}: ${stderr}`)
}

import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'
import { median } from '../load/interleave.ts'
import type { Place } from '../process/place.ts'
import type { Finding } from '../report/row.ts'
import { listen } from './taleus.ts'

const UNFINISHED = 10_000
const ROUNDS = 3
const MAKER = join(import.meta.dirname, '../store/unfinished-store.ts')

/** Measures how long `taleus listen` takes to be ready with many unfinished redemptions. */
export async function unfinishedStart(place: Place): Promise<Finding[]> {
  const empty = await readyMs(place, 0)
  const note = `${Math.round(empty)} ms with none`
  return [{ ours: await readyMs(place, UNFINISHED), note }]
}

async function readyMs(place: Place, count: number): Promise<number> {
  const times: number[] = []
  for (let round = 0; round < ROUNDS; round += 1) {
    const directory = join(place.directory, `${count}-${round}`)
    const maker = spawn(process.execPath, [MAKER, directory, `${count}`], { stdio: 'inherit' })
    const [code, signal] = await once(maker, 'close')
    if (signal !== 'SIGKILL') throw new Error(`the store was not made: ${code ?? signal}`)
    const listener = await listen(directory)
    times.push(listener.readyMs)
    await listener.stop()
  }
  return median(times)
}

import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { median } from './interleave.ts'
import { atMost, plainRow } from './plain-row.ts'
import type { BenchRow } from './results-file.ts'

const ROOT = join(import.meta.dirname, '..')
const COUNT = 10_000
const ROUNDS = 3
const MAX_MS = 3_000

/** ms from the start of the process to its `ready` line. Stops it again. */
async function readyMs(directory: string): Promise<number> {
  const address = '/ip4/127.0.0.1/tcp/0'
  const args = [join(ROOT, 'bin/run.js'), 'listen', '--json', '--listen', address]
  const start = performance.now()
  const child = spawn(process.execPath, [...args, '--data-dir', directory], {
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  const ended = once(child, 'close')
  const [first] = await Promise.race([once(child.stdout, 'data'), ended])
  const ms = performance.now() - start
  if (!String(first).startsWith('{"type":"ready"')) throw new Error(`not ready: ${first}`)
  child.kill('SIGTERM')
  await ended
  return ms
}

/** Makes a store of that many, in a process that dies over it. */
async function unfinished(directory: string, count: number): Promise<void> {
  const maker = join(import.meta.dirname, 'unfinished-store.ts')
  const args = [maker, directory, String(count)]
  const [code, signal] = await once(spawn(process.execPath, args, { stdio: 'inherit' }), 'close')
  if (signal !== 'SIGKILL') throw new Error(`the store was not made: ${code ?? signal}`)
}

async function measure(parent: string, count: number): Promise<number> {
  const times: number[] = []
  for (let round = 0; round < ROUNDS; round += 1) {
    const directory = mkdtempSync(join(parent, 'unfinished-'))
    try {
      await unfinished(directory, count)
      times.push(await readyMs(directory))
    } finally {
      rmSync(directory, { recursive: true, force: true })
    }
  }
  return median(times)
}

/** How long `taleus listen` takes to be ready with many unfinished redemptions. After `npm run build`. */
export async function unfinishedFigure(parent: string): Promise<BenchRow> {
  const empty = await measure(parent, 0)
  const ours = await measure(parent, COUNT)
  const what = `ms until ready, with ${COUNT.toLocaleString('en')} unfinished redemptions`
  const note = `${Math.round(empty)} ms with none`
  return plainRow({ id: 'P6', what, ours, ...atMost(MAX_MS, 'ms')(ours), note })
}

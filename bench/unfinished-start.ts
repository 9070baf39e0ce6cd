/**
 * How long `taleus listen` takes to be ready with many unfinished redemptions, beside an empty store:
 * `node bench/unfinished-start.ts [COUNT]`, after `npm run build`.
 */
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs'
import { join } from 'node:path'

const ROOT = join(import.meta.dirname, '..')
/** Not the system's temporary folder, which may be in memory: the stores must be on a disk. */
const SCRATCH = join(ROOT, '.tmp')
const DEFAULT_COUNT = 10_000
const ROUNDS = 3

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

async function measure(count: number): Promise<readonly number[]> {
  const times: number[] = []
  for (let round = 0; round < ROUNDS; round += 1) {
    const directory = mkdtempSync(join(SCRATCH, 'unfinished-'))
    try {
      await unfinished(directory, count)
      times.push(Math.round(await readyMs(directory)))
    } finally {
      rmSync(directory, { recursive: true, force: true })
    }
  }
  return times.sort((one, other) => one - other)
}

mkdirSync(SCRATCH, { recursive: true })
const count = Number(process.argv[2] ?? DEFAULT_COUNT)
for (const each of [0, count]) {
  const times = await measure(each)
  console.log(`${each} unfinished redemptions: ready after ${times.join(', ')} ms`)
}

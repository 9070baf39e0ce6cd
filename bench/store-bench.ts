/**
 * The store's share of one stock session, alone: `node bench/store-bench.ts [sessions]`. A real file, a
 * real fsync for every commit; everything that the listener and the file hooks ask of the store.
 */
import { closeSync, fsyncSync, mkdtempSync, openSync, rmSync, writeSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { openStore, type Store } from '../src/store/transaction/store.ts'
import { mintToken, stockSession } from './store-session.ts'

const DEFAULT_SESSIONS = 4_000
/** Before the clock starts, so that the compiler is warm. */
const WARM_UP = 1_000
const CONCURRENCY = [10, 100]
const FSYNC_ROUNDS = 200

interface Figures {
  readonly atOnce: number
  readonly perSecond: number
  readonly cpuMicroseconds: number
  readonly wallMicroseconds: number
  readonly commitsPerSession: number
}

/** Runs `total` sessions, always `atOnce` of them under way. */
async function run(store: Store, tokenId: string, total: number, atOnce: number): Promise<void> {
  let left = total
  const lane = async (): Promise<void> => {
    while (left > 0) {
      left -= 1
      await stockSession(store, tokenId)
    }
  }
  await Promise.all(Array.from({ length: atOnce }, lane))
}

async function measure(
  store: Store,
  tokenId: string,
  total: number,
  atOnce: number,
): Promise<Figures> {
  const commits = store.commits
  const cpu = process.cpuUsage()
  const start = performance.now()
  await run(store, tokenId, total, atOnce)
  const wall = (performance.now() - start) * 1000
  const { user, system } = process.cpuUsage(cpu)
  return {
    atOnce,
    perSecond: Math.round((total / wall) * 1e6),
    cpuMicroseconds: Math.round((user + system) / total),
    wallMicroseconds: Math.round(wall / total),
    commitsPerSession: Math.round(((store.commits - commits) / total) * 1000) / 1000,
  }
}

/** What this disk takes for 4 KiB and an fsync, in microseconds. */
function fsyncMicroseconds(directory: string): number {
  const handle = openSync(join(directory, 'fsync'), 'w', 0o600)
  const page = Buffer.alloc(4096, 1)
  const start = performance.now()
  for (let round = 0; round < FSYNC_ROUNDS; round += 1) {
    writeSync(handle, page)
    fsyncSync(handle)
  }
  closeSync(handle)
  return Math.round(((performance.now() - start) * 1000) / FSYNC_ROUNDS)
}

async function main(): Promise<void> {
  const total = Number(process.argv[2] ?? DEFAULT_SESSIONS)
  const directory = mkdtempSync(join(tmpdir(), 'taleus-store-bench-'))
  try {
    console.log(`fsync of 4 KiB: ${fsyncMicroseconds(directory)} µs`)
    const store = openStore(join(directory, 'taleus.db'))
    const tokenId = await mintToken(store)
    await run(store, tokenId, WARM_UP, 100)
    const rows: Figures[] = []
    for (const atOnce of CONCURRENCY) rows.push(await measure(store, tokenId, total, atOnce))
    console.table(rows)
    store.close()
  } finally {
    rmSync(directory, { recursive: true, force: true })
  }
}

await main()

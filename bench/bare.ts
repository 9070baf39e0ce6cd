/**
 * Shows what libp2p alone can do here: `node bench/bare.ts [frames] [exchanges] [rounds]`, for example
 * `node bench/bare.ts out:420,in:1500,out:140 2000 3`.
 */
import { startBare } from './bare-contender.ts'
import { DEFAULT_FRAMES } from './bare-frames.ts'
import { interleave, medianRound } from './interleave.ts'
import type { Load } from './load.ts'

const [frames = DEFAULT_FRAMES, exchanges = '1000', rounds = '3'] = process.argv.slice(2)
const LOADS: readonly Omit<Load, 'count'>[] = [
  { connection: 'shared', concurrency: 1 },
  { connection: 'shared', concurrency: 10 },
  { connection: 'shared', concurrency: 100 },
  { connection: 'new', concurrency: 1 },
  { connection: 'new', concurrency: 10 },
]

const bare = await startBare(frames)
try {
  for (const { connection, concurrency } of LOADS) {
    // A connection costs about ten times as much as a stream.
    const count = connection === 'shared' ? Number(exchanges) : Math.ceil(Number(exchanges) / 10)
    const [taken = []] = await interleave(
      [bare],
      { connection, concurrency, count },
      Number(rounds),
    )
    const { rate, p50, p99, serverCpu } = medianRound(taken)
    const load = `${connection} connection, ${concurrency} at a time`.padEnd(34)
    console.log(
      `${load} ${rate.toFixed(0).padStart(6)}/s  p50 ${p50.toFixed(1)} ms  p99 ${p99.toFixed(1)} ms  server ${serverCpu.toFixed(2)} ms CPU each`,
    )
  }
} finally {
  await bare.stop()
}

import type { Load, Measurement } from './load.ts'

/** One exchange: resolves when its user would go on; what is left to do afterwards is `rest`. */
export type Exchange = () => Promise<{ readonly rest: Promise<void> }>

/** Runs a load in this process. The server's processor time is known only to the caller. */
export async function runLoad(
  { count, concurrency }: Load,
  exchange: Exchange,
): Promise<Omit<Measurement, 'serverCpu'>> {
  const latencies: number[] = []
  const rests: Promise<void>[] = []
  let begun = 0
  const worker = async (): Promise<void> => {
    while (begun < count) {
      begun++
      const started = performance.now()
      const { rest } = await exchange()
      latencies.push(performance.now() - started)
      rests.push(rest)
    }
  }
  const started = performance.now()
  await Promise.all(Array.from({ length: concurrency }, worker))
  await Promise.all(rests)
  const seconds = (performance.now() - started) / 1000
  latencies.sort((a, b) => a - b)
  return {
    rate: count / seconds,
    p50: quantile(latencies, 0.5),
    p99: quantile(latencies, 0.99),
  }
}

function quantile(sorted: readonly number[], share: number): number {
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? Number.NaN
}

import { setTimeout as sleep } from 'node:timers/promises'
import type { Load, Measurement } from './load.ts'

/** One exchange: resolves when its user would go on; what is left to do afterwards is `rest`. */
export type Exchange = () => Promise<{
  readonly rest: Promise<void>
  /** How often it had to be tried again. @default 0 */
  readonly again?: number
}>

/** Reasons of failure that are told. */
const MAX_REASONS = 5

/** Runs a load in this process. The server's processor time is known only to the caller. */
export async function runLoad(
  { count, concurrency, mayFail = false, perSecond }: Load,
  exchange: Exchange,
): Promise<Omit<Measurement, 'serverCpu'>> {
  const latencies: number[] = []
  const rests: Promise<void>[] = []
  let begun = 0
  let failed = 0
  let tried = 0
  const reasons = new Map<string, number>()
  const one = async (started: number): Promise<void> => {
    try {
      const { rest, again = 0 } = await exchange()
      tried += again
      latencies.push(performance.now() - started)
      rests.push(rest)
    } catch (error) {
      if (!mayFail) throw error
      failed++
      reasons.set(String(error), (reasons.get(String(error)) ?? 0) + 1)
    }
  }
  const worker = async (): Promise<void> => {
    while (begun < count) {
      begun++
      if (perSecond !== undefined)
        await sleep(started + (begun * 1000) / perSecond - performance.now())
      await one(performance.now())
    }
  }
  const started = performance.now()
  await Promise.all(Array.from({ length: concurrency }, worker))
  if (mayFail) await Promise.allSettled(rests)
  else await Promise.all(rests)
  const seconds = (performance.now() - started) / 1000
  latencies.sort((a, b) => a - b)
  return {
    rate: (count - failed) / seconds,
    p50: quantile(latencies, 0.5),
    p99: quantile(latencies, 0.99),
    failed,
    again: tried,
    reasons: [...reasons].map(([reason, times]) => `${times} × ${reason}`).slice(0, MAX_REASONS),
  }
}

function quantile(sorted: readonly number[], share: number): number {
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? Number.NaN
}

import { setTimeout as sleep } from 'node:timers/promises'
import type * as z from 'zod'
import type { Load, measuredSchema } from './load.ts'

/** One exchange: resolves when its user would go on; `rest` is what is left to do afterwards. */
export type Act = () => Promise<{
  readonly rest: Promise<void>
  /** Times that it had to be tried again. @default 0 */
  readonly again?: number
}>

/** Reasons of failure that are told. */
const MAX_REASONS = 5

/** Runs a load in this process. */
export async function runLoad(
  { count, concurrency, mayFail = false, perSecond }: Load,
  act: Act,
): Promise<Omit<z.infer<typeof measuredSchema>, 'held'>> {
  const latencies: number[] = []
  const rests: Promise<void>[] = []
  const reasons = new Map<string, number>()
  let [begun, failed, triedAgain] = [0, 0, 0]
  const one = async (began: number): Promise<void> => {
    try {
      const { rest, again = 0 } = await act()
      triedAgain += again
      latencies.push(performance.now() - began)
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
  return {
    rate: (count - failed) / seconds,
    p50: quantile(latencies, 0.5),
    p99: quantile(latencies, 0.99),
    failed,
    again: triedAgain,
    reasons: [...reasons].map(([reason, times]) => `${times} × ${reason}`).slice(0, MAX_REASONS),
  }
}

/** The value that this share of all values does not exceed; NaN if there are none. */
export function quantile(values: readonly number[], share: number): number {
  const sorted = values.toSorted((a, b) => a - b)
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? Number.NaN
}

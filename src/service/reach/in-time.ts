import { setTimeout as sleep } from 'node:timers/promises'

/** Waits for the work, but no longer than so many ms. @throws what it rejects with until then */
export async function inTime(ms: number, work: Promise<unknown> | undefined): Promise<void> {
  if (work === undefined) return
  const timer = new AbortController()
  const late = sleep(ms, undefined, { signal: timer.signal }).catch(() => undefined)
  await Promise.race([work, late]).finally(() => timer.abort())
}

import { setTimeout as sleep } from 'node:timers/promises'
import type { Patience } from './patience.ts'

/** Everybody who was turned away at once must not come back at once: up to this part longer. */
const JITTER = 0.25

/** "At once" is no time to come again, ms: each attempt costs both sides a session. */
const MIN_PAUSE_MS = 250

/** The refusals that mean "not now". Any other refusal would be repeated. */
const NOT_NOW: ReadonlySet<string> = new Set([
  'busy',
  'rate_limited',
  'draining',
  'in_progress',
  'paused',
])

/** A "no", if it was one. */
export interface No {
  readonly code: string
  readonly retryAfterMs?: number | undefined
}

/**
 * Asks, and asks again after "come again in a moment", for as long as the user is willing to wait.
 * @param ask told how many ms are left
 * @returns the first answer that is none of those, or the last one there was time for
 * @throws what `ask` throws
 */
export async function persist<Answer>(
  patience: Patience,
  signal: AbortSignal,
  ask: (ms: number) => Promise<Answer>,
  noIn: (answer: Answer) => No | undefined,
): Promise<Answer> {
  for (;;) {
    const answer = await ask(Math.max(1, patience.left))
    const pause = pauseAfter(noIn(answer))
    if (pause === undefined || pause >= patience.left) return answer
    if (!(await rest(pause, signal))) return answer
  }
}

function pauseAfter(no: No | undefined): number | undefined {
  if (no?.retryAfterMs === undefined || !NOT_NOW.has(no.code)) return undefined
  return Math.max(no.retryAfterMs, MIN_PAUSE_MS) * (1 + Math.random() * JITTER)
}

/** False if the caller gave up meanwhile. */
async function rest(ms: number, signal: AbortSignal): Promise<boolean> {
  try {
    await sleep(ms, undefined, { signal })
    return true
  } catch {
    return false
  }
}

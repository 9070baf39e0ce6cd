import { setTimeout as sleep } from 'node:timers/promises'
import type { BootstrapOutcome } from '../../session/outcome.ts'
import type { Redeemer } from './redeemer.ts'

/** Everybody who was turned away at once must not come back at once: up to this part longer. */
const JITTER = 0.25

/** "At once" is no time to come again, ms: each attempt costs both sides a session. */
const MIN_PAUSE_MS = 250

/**
 * Redeem, and follow "come again in a moment" for as long as the user is willing to wait.
 * @throws StoreError
 */
export async function persist(
  redeemer: Pick<Redeemer, 'redeem'>,
  request: Parameters<Redeemer['redeem']>[0],
  timeoutMs: number,
): Promise<BootstrapOutcome> {
  const until = performance.now() + timeoutMs
  for (;;) {
    const left = Math.max(1, until - performance.now())
    const outcome = await redeemer.redeem({ ...request, timeoutMs: left })
    if (outcome.completed || outcome.retryAfterMs === undefined) return outcome
    const asked = Math.max(outcome.retryAfterMs, MIN_PAUSE_MS)
    const pause = asked * (1 + Math.random() * JITTER)
    if (performance.now() + pause >= until) return outcome
    if (!(await rest(pause, request.signal))) return outcome
  }
}

/** False if the caller gave up meanwhile. */
async function rest(ms: number, signal: AbortSignal | undefined): Promise<boolean> {
  try {
    await sleep(ms, undefined, signal === undefined ? {} : { signal })
    return true
  } catch {
    return false
  }
}

import type { SessionStore } from '../../session/ports/store.ts'
import { recorded } from '../../session/ports/written.ts'

/** The longest that a process which must end waits for its last record, ms. */
const LAST_WORD_MS = 1_000

/**
 * Records that this process ends over an error that nothing caught. Its message stays out of the audit: it may
 * hold anything.
 * @returns when that is durable, or can't be made so; never rejects
 */
export async function recordCrash(store: SessionStore, error: unknown): Promise<void> {
  const name = error instanceof Error ? error.name : typeof error
  const known = recorded(store, {
    type: 'error',
    severity: 'alarm',
    at: Date.now(),
    monotonic: performance.now(),
    data: { event: 'process.crashed', name, pid: process.pid },
  })
  const late = new Promise<void>((resolve) => setTimeout(resolve, LAST_WORD_MS))
  await Promise.race([known.catch(() => undefined), late])
}

import { inTime } from '../reach/in-time.ts'

/** For how long a page waits for what only the store knows, ms: those who look often give up after a second. */
const PATIENCE_MS = 500

/**
 * Waits for what is asked of the store. If it can't be read, or takes its time, what it said last stays: that it does so, and all else, is
 * to be told just then.
 */
export async function fromStore(asked: Promise<unknown>): Promise<void> {
  const settled = asked.catch(() => undefined)
  await inTime(PATIENCE_MS, settled)
}

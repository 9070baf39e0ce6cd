/** The pause after the first failure, ms; doubled with each further one. */
const FIRST_RETRY_MS = 1_000

/** The longest pause between two tries, ms: an hour, so that a server that is back is soon tidy. */
const MAX_RETRY_MS = 3_600_000

/** Returns the pause after so many earlier failures, ms. Owed work is retried for ever. */
export function pauseAfter(tries: number): number {
  return Math.min(FIRST_RETRY_MS * 2 ** tries, MAX_RETRY_MS)
}

/** After the first failure, ms; doubled with each further one. */
const FIRST_RETRY_MS = 1_000

/** The longest pause between two tries, ms: an hour, so that a server that is back is soon tidy. */
const MAX_RETRY_MS = 3_600_000

/** How long to wait with what failed so often before, ms. What is owed is tried for ever. */
export function pauseAfter(tries: number): number {
  return Math.min(FIRST_RETRY_MS * 2 ** tries, MAX_RETRY_MS)
}

/** The longest that a commit waits for more to come, in ms. */
export const MAX_GATHER_MS = 2

/** When a group commit looks again whether more work has come. */
export interface CommitPace {
  /** Calls back once, after everything that is ready to run now. */
  later(look: () => void): void
  /** Milliseconds that only grow. */
  monotonic(): number
}

/** A turn of the event loop: short when nothing waits, and brings more when something does. */
export const LOOP_PACE: CommitPace = {
  later: (look) => void setImmediate(look),
  monotonic: () => performance.now(),
}

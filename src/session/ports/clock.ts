/** A timer that was armed. */
export interface Timer {
  /** Idempotent. */
  clear(): void
}

/** Time, as the session core knows it. Tests bring a virtual one. */
export interface Clock {
  /** Wall clock, milliseconds since the epoch. For expiry and for the record. */
  now(): number
  /** Milliseconds that only grow. For durations. */
  monotonic(): number
  /** @param ms at most 2³¹−1 */
  after(ms: number, run: () => void): Timer
}

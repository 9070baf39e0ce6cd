/** A timer that was armed. */
export interface Timer {
  /** Disarms it. Idempotent. */
  clear(): void
}

/** The session core's clocks and timers. Tests bring virtual ones. */
export interface Clock {
  /** Wall clock, milliseconds since the epoch. For expiry and for the record. */
  now(): number
  /** Monotonic clock, milliseconds. For durations. */
  monotonic(): number
  /** Arms a timer. @param ms at most 2³¹−1 */
  after(ms: number, run: () => void): Timer
}

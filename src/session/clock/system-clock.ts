import type { Clock, Timer } from '../ports/clock.ts'

/** The longest timer, ms: Node turns longer ones into 1 ms ones. */
const MAX_TIMER_MS = 2 ** 31 - 1

/** The computer's own clocks. */
export const SYSTEM_CLOCK: Clock = {
  now: Date.now,
  monotonic: () => performance.now(),
  after(ms, run) {
    return new SystemTimer(setTimeout(run, Math.min(Math.max(ms, 0), MAX_TIMER_MS)))
  },
}

class SystemTimer implements Timer {
  readonly #timeout: NodeJS.Timeout

  constructor(timeout: NodeJS.Timeout) {
    this.#timeout = timeout
  }

  clear(): void {
    clearTimeout(this.#timeout)
  }
}

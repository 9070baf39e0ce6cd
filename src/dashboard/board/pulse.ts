import type { Pulse } from './board.ts'

/** Seconds that are remembered. */
const SECONDS = 30
/** Seconds that a rate is the mean of: shorter jumps, longer lags. */
const MEAN_OVER = 5

/** Counts sessions that ended at that time. */
export function beat(pulse: Pulse, at: number, ended: number): Pulse {
  const moved = advance(pulse, at)
  const last = moved.counts.length - 1
  return { ...moved, counts: moved.counts.map((n, index) => (index === last ? n + ended : n)) }
}

/** The mean number that ended per second lately. */
export function ratePerSecond(pulse: Pulse, now: number): number {
  const { counts } = advance(pulse, now)
  // The second that is under way is not whole yet.
  const whole = counts.slice(-1 - MEAN_OVER, -1)
  return whole.reduce((sum, count) => sum + count, 0) / MEAN_OVER
}

/** Moves the counts up to now; a clock that goes back changes nothing. */
function advance({ second, counts }: Pulse, at: number): Pulse {
  const now = Math.floor(at / 1_000)
  if (counts.length > 0 && now <= second) return { second, counts }
  const quiet = counts.length === 0 ? 1 : Math.min(SECONDS, now - second)
  const zeros = Array.from({ length: quiet }, () => 0)
  return { second: now, counts: [...counts, ...zeros].slice(-SECONDS) }
}

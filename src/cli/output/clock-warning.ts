import { isoTime, tookText } from '../text/time-text.ts'
import type { Output } from './output.ts'

/** Less than this changes nothing that a person would notice, ms. */
const WORTH_TELLING_MS = 60_000

/**
 * The warning about a clock that is behind, if it is.
 * @param behindMs by how much the computer's clock is behind the highest time seen here
 */
export function clockWarning(behindMs: number): string | undefined {
  if (behindMs < WORTH_TELLING_MS) return undefined
  return [
    `this computer's clock is ${tookText(behindMs)} behind the latest time seen here, by which invitations expire;`,
    'if that time was wrong, start `taleus listen --trust-clock` once',
  ].join(' ')
}

export function warnOfClock(behindMs: number, output: Output): void {
  const warning = clockWarning(behindMs)
  if (warning !== undefined) output.warn(warning)
}

/** The warning that an inviter says "still good" to what has expired by this computer's clock. */
export function wrongClockWarning(ownTime: number, expiresAt: number): string {
  return [
    `by this computer's clock, ${isoTime(ownTime)}, the invitation expired at ${isoTime(expiresAt)};`,
    'the inviter, whose clock counts, says that it is good: set this computer’s clock',
  ].join(' ')
}

import { tookText } from '../text/time-text.ts'
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

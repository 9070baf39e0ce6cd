import { UsageError } from '../errors/errors.ts'
import { parseDuration } from './duration.ts'

const DATE = /^\d{4}-\d\d-\d\d/

/**
 * Reads a moment as it is typed: how long ago, or a date; undefined if none was.
 * @param of the flag, for the error
 * @returns milliseconds since the epoch
 * @throws UsageError
 */
export function parseMoment(text: string, now: number, of: string): number
export function parseMoment(text: string | undefined, now: number, of: string): number | undefined
export function parseMoment(text: string | undefined, now: number, of: string): number | undefined {
  if (text === undefined) return undefined
  if (!DATE.test(text)) return now - parseDuration(text, { of, max: now })
  const at = Date.parse(text)
  if (Number.isFinite(at)) return at
  throw new UsageError(`${of}: a duration like 2h, or a date like 2026-11-21 or 2026-11-21T08:00Z`)
}

import { UsageError } from '../errors/errors.ts'

/** Milliseconds of each unit, longest first. */
const UNITS = { w: 604_800_000, d: 86_400_000, h: 3_600_000, m: 60_000, s: 1_000, ms: 1 } as const

const DURATION = /^(?:\d{1,15}(?:ms|[wdhms]))+$/
const PART = /(\d+)(ms|[wdhms])/g

export interface DurationBounds {
  /** Milliseconds. */
  readonly min?: number
  readonly max?: number
  /** The flag or setting, for the error, e.g. `--expires`. */
  readonly of?: string
}

/**
 * Reads `30s`, `15m`, `24h`, `1d`, `2w`, `500ms`, or several, longest unit first: `1h30m`.
 * @returns whole milliseconds
 * @throws UsageError that says what would be right
 */
export function parseDuration(text: string, bounds: DurationBounds = {}): number {
  const of = bounds.of === undefined ? '' : `${bounds.of}: `
  const given = text.trim().toLowerCase()
  const total = DURATION.test(given) ? sumOf(given) : undefined
  if (total === undefined) {
    throw new UsageError(`${of}a duration is a number with a unit, like 30s, 15m, 24h, 1d or 2w`)
  }
  if (bounds.min !== undefined && total < bounds.min) {
    throw new UsageError(`${of}at least ${formatDuration(bounds.min)}`)
  }
  if (total > (bounds.max ?? Number.MAX_SAFE_INTEGER)) {
    throw new UsageError(`${of}at most ${formatDuration(bounds.max ?? Number.MAX_SAFE_INTEGER)}`)
  }
  return total
}

/** Writes `14d`, `1h30m`, `250ms`: exact, in days at most, as `parseDuration` takes it back. */
export function formatDuration(ms: number): string {
  let rest = Math.max(0, Math.round(ms))
  let text = ''
  for (const [unit, length] of Object.entries(UNITS).slice(1)) {
    const count = Math.floor(rest / length)
    if (count === 0) continue
    text += `${count}${unit}`
    rest -= count * length
  }
  return text === '' ? '0s' : text
}

function sumOf(text: string): number | undefined {
  let total = 0
  let last = Number.POSITIVE_INFINITY
  for (const [, count, unit] of text.matchAll(PART)) {
    const length = UNITS[unit as keyof typeof UNITS]
    if (length >= last) return undefined
    last = length
    total += Number(count) * length
  }
  return total
}

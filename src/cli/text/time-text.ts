import { formatDuration } from './duration.ts'

/** The way times are told. */
export interface TimeStyle {
  /** Milliseconds since the epoch. */
  readonly now: number
  /** "5 min ago", for people who look now; else ISO 8601 in UTC, which stays true. */
  readonly relative: boolean
}

const SECOND = 1_000
const MINUTE = 60 * SECOND
const HOUR = 60 * MINUTE
const DAY = 24 * HOUR

/** The unit for a distance of at least so many ms, longest first. */
const UNITS = [
  [2 * DAY, DAY, 'd'],
  [2 * HOUR, HOUR, 'h'],
  [2 * MINUTE, MINUTE, 'min'],
  [0, SECOND, 's'],
] as const

/** The style for a stream: relative on a terminal, absolute in what is kept. */
export function timeStyleOf(stream: NodeJS.WriteStream): TimeStyle {
  return { now: Date.now(), relative: stream.isTTY === true }
}

/** ISO 8601, UTC. */
export function isoTime(at: number): string {
  return new Date(at).toISOString()
}

/** ISO 8601 as the clock on the wall has it, with its offset, to the second. A time that no calendar has is a number. */
export function localTime(at: number): string {
  const date = new Date(at)
  const offset = -date.getTimezoneOffset()
  const local = new Date(at + offset * MINUTE)
  if (Number.isNaN(local.getTime())) return String(at)
  const [sign, minutes] = [offset < 0 ? '-' : '+', Math.abs(offset)]
  const [hh, mm] = [Math.floor(minutes / 60), minutes % 60].map((n) => String(n).padStart(2, '0'))
  return `${local.toISOString().slice(0, -'.000Z'.length)}${sign}${hh}:${mm}`
}

/** `isoTime`, or `null` for what has not happened. For documents. */
export function isoTimeOrNull(at: number | undefined): string | null {
  return at === undefined ? null : isoTime(at)
}

/** A time that counts as a date: for people as their clock has it, with the distance; else ISO 8601 in UTC. */
export function dateText(at: number, style: TimeStyle): string {
  return style.relative ? `${localTime(at)}, ${timeText(at, style)}` : timeText(at, style)
}

export function timeText(at: number, { now, relative }: TimeStyle): string {
  if (!relative) return isoTime(at)
  const distance = Math.abs(at - now)
  const [, unit, name] = UNITS.find(([least]) => distance >= least) ?? UNITS[3]
  if (distance < SECOND) return 'now'
  // What was made to last for a day has a day left, not 23 hours.
  if (at > now) return `in ${Math.round(distance / unit)} ${name}`
  return `${Math.floor(distance / unit)} ${name} ago`
}

/** Writes how long something took, ms: to a microsecond below a second, then as coarse as people need it. */
export function tookText(ms: number | undefined): string {
  if (ms === undefined) return ''
  if (ms < SECOND) return `${ms.toFixed(ms < 100 ? 2 : 0)} ms`
  if (ms < MINUTE) return `${(ms / SECOND).toFixed(2)} s`
  return formatDuration(Math.round(ms / SECOND) * SECOND)
}

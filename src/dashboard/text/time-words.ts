const SECOND = 1_000
const MINUTE = 60 * SECOND
const HOUR = 60 * MINUTE
const DAY = 24 * HOUR

/** A length of time in at most four columns: `0.4s`, `12s`, `59m`, `23h`, `99d`. */
export function shortTime(ms: number): string {
  if (ms < 0) return '0s'
  if (ms < 10 * SECOND) return `${(Math.floor(ms / 100) / 10).toFixed(1)}s`
  if (ms < 100 * SECOND) return `${Math.floor(ms / SECOND)}s`
  if (ms < 100 * MINUTE) return `${Math.floor(ms / MINUTE)}m`
  if (ms < 100 * HOUR) return `${Math.floor(ms / HOUR)}h`
  return `${Math.min(999, Math.floor(ms / DAY))}d`
}

/** The time left, never less than nothing, in whole seconds as people count down. */
export function timeLeft(until: number, now: number): string {
  const ms = Math.max(0, until - now)
  return ms < 100 * SECOND ? `${Math.ceil(ms / SECOND)}s` : shortTime(ms)
}

/** The time of day, in the terminal's own time zone. */
export function clockTime(at: number): string {
  const date = new Date(at)
  return [date.getHours(), date.getMinutes(), date.getSeconds()]
    .map((part) => String(part).padStart(2, '0'))
    .join(':')
}

/** The same, after its date if that is another than the one of a time that stands beside it: `2026-12-08 16:05:00`. */
export function timeBeside(at: number, other: number): string {
  const [date, beside] = [dateOf(at), dateOf(other)]
  return date === beside ? clockTime(at) : `${date} ${clockTime(at)}`
}

/** The date in the terminal's own time zone: `2026-12-08`. */
function dateOf(at: number): string {
  const date = new Date(at)
  return [date.getFullYear(), date.getMonth() + 1, date.getDate()]
    .map((part) => String(part).padStart(2, '0'))
    .join('-')
}

/** The time something took: to a tenth of a millisecond where that means something. */
export function tookTime(ms: number): string {
  return ms < SECOND ? `${ms.toFixed(ms < 100 ? 1 : 0)} ms` : `${(ms / SECOND).toFixed(2)} s`
}

const SECOND = 1_000
const MINUTE = 60 * SECOND
const HOUR = 60 * MINUTE
const DAY = 24 * HOUR

/** Writes a number as people read it; its unit is told by the name's ending: `…Ms`, `…_BYTES`. */
export function quantity(name: string, value: number): string {
  if (/(?:Ms|_MS)$/.test(name)) return duration(value)
  if (/(?:Bytes|_BYTES)$/.test(name)) return bytes(value)
  return value.toLocaleString('en')
}

export function duration(ms: number): string {
  if (ms > 0 && ms % DAY === 0) return `${ms / DAY} d`
  if (ms > 0 && ms % HOUR === 0) return `${ms / HOUR} h`
  if (ms > 0 && ms % MINUTE === 0) return `${ms / MINUTE} min`
  if (ms > 0 && ms % SECOND === 0) return `${ms / SECOND} s`
  return `${ms.toLocaleString('en')} ms`
}

function bytes(count: number): string {
  if (count > 0 && count % 1_048_576 === 0) return `${count / 1_048_576} MiB`
  if (count > 0 && count % 1_024 === 0) return `${count / 1_024} KiB`
  return `${count.toLocaleString('en')} B`
}

import { UsageError } from '../errors/errors.ts'

const KIB = 1_024

/** Units and their bytes, the largest first. */
const UNITS = { TiB: KIB ** 4, GiB: KIB ** 3, MiB: KIB ** 2, KiB: KIB, B: 1 } as const

const SIZE = /^(\d{1,15})(b|[kmgt](?:i?b)?)?$/

/**
 * Reads `64MiB`, `1g`, `4096`: whole numbers, units of 1,024.
 * @returns bytes
 * @throws UsageError that says what would be right
 */
export function parseBytes(
  text: string,
  bounds: { readonly min: number; readonly max: number; readonly of: string },
): number {
  const [, count = '', unit = 'b'] = SIZE.exec(text.trim().toLowerCase()) ?? []
  const factor = Object.entries(UNITS).find(([name]) => name.toLowerCase()[0] === unit[0])?.[1] ?? 1
  const bytes = count === '' ? Number.NaN : Number(count) * factor
  if (bytes >= bounds.min && bytes <= bounds.max) return bytes
  const range = `from ${formatBytes(bounds.min)} to ${formatBytes(bounds.max)}`
  throw new UsageError(`${bounds.of}: a size is a number with a unit, like 64MiB or 1GiB, ${range}`)
}

/** Writes `64MiB`, `1.5GiB`, `512B`: with one digit where it is no whole number of the largest unit that fits. */
export function formatBytes(bytes: number): string {
  for (const [unit, length] of Object.entries(UNITS)) {
    if (bytes < length) continue
    const count = bytes / length
    return `${count % 1 === 0 ? count : count.toFixed(1)}${unit}`
  }
  return '0B'
}

import { harmless } from '../text/harmless.ts'

/** A text with nothing to make harmless, as nearly all are. */
const PLAIN = /^[\x20-\x7e]*$/

/**
 * Makes every text in a value harmless, names of fields too. Everything for the dashboard goes through here, whole: no
 * field can be forgotten, and nothing behind this has to think of it. A value that is harmless already is given back as
 * it is: a busy listener tells thousands of events a second.
 */
export function harmlessIn<Value>(value: Value): Value
export function harmlessIn(value: unknown): unknown {
  if (isPlain(value)) return value
  if (typeof value === 'string') return harmless(value)
  if (Array.isArray(value)) return value.map((each) => harmlessIn(each))
  if (typeof value !== 'object' || value === null) return value
  const fields = Object.entries(value).map(([name, each]) => [harmlessIn(name), harmlessIn(each)])
  return Object.fromEntries(fields)
}

function isPlain(value: unknown): boolean {
  if (typeof value === 'string') return PLAIN.test(value)
  if (typeof value !== 'object' || value === null) return true
  if (Array.isArray(value)) return value.every(isPlain)
  return Object.entries(value).every(([name, each]) => PLAIN.test(name) && isPlain(each))
}

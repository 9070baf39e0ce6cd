import type { JsonValue } from '../protocol/json/json-value.ts'
import { automergeLibrary } from './automerge-library.ts'
import { TallyValueError } from './errors.ts'

/** Deeper values are refused: reading and writing them is recursive. */
const MAX_DEPTH = 32

/**
 * Converts JSON to values for Automerge. Texts become immutable strings: two people who set the same key mean
 * one or the other, not a mixture of letters. Whole numbers past 2⁵³ are refused: Automerge would write them
 * as 64-bit integers, which cuts off the largest and gives the others back as BigInt.
 * @throws TallyValueError for a value that would not come back the same
 */
export function toAutomergeValue(value: JsonValue, depth = 0): unknown {
  const { ImmutableString } = automergeLibrary()
  if (depth > MAX_DEPTH)
    throw new TallyValueError(`a value is nested over ${MAX_DEPTH} levels deep`)
  if (value === null || typeof value === 'boolean') return value
  if (typeof value === 'number') return checkedNumber(value)
  if (typeof value === 'string') return new ImmutableString(checkedText(value))
  if (isList(value)) return value.map((item) => toAutomergeValue(item, depth + 1))
  return Object.fromEntries(
    Object.entries(value).map(([key, item]) => [
      checkedKey(key),
      toAutomergeValue(item, depth + 1),
    ]),
  )
}

/**
 * Converts a document's values to JSON. Never fails: the other party may have written anything that Automerge can hold.
 * Dates become ISO 8601, bytes base64url, integers past 2⁵³ decimal text.
 */
export function fromAutomergeValue(value: unknown): JsonValue {
  const { isCounter, isImmutableString } = automergeLibrary()
  if (value === null || typeof value === 'boolean' || typeof value === 'string') return value
  if (typeof value === 'number') return Number.isFinite(value) ? value : String(value)
  if (typeof value === 'bigint') return wholeNumber(value)
  if (typeof value !== 'object') return null
  if (isImmutableString(value)) return value.val
  if (isCounter(value)) return value.value
  if (value instanceof Date) return dateText(value)
  if (value instanceof Uint8Array) return Buffer.from(value).toString('base64url')
  if (Array.isArray(value)) return value.map(fromAutomergeValue)
  return Object.fromEntries(
    Object.entries(value).map(([key, item]) => [key, fromAutomergeValue(item)]),
  )
}

/** Returns the key. @throws TallyValueError if Automerge would refuse it or change it */
export function checkedKey(key: string): string {
  if (key === '__proto__') throw new TallyValueError('a key must not be __proto__')
  return checkedText(key)
}

function checkedNumber(value: number): number {
  if (!Number.isFinite(value)) throw new TallyValueError('a number is not finite')
  if (Number.isInteger(value) && !Number.isSafeInteger(value)) {
    throw new TallyValueError('a whole number is too large to be exact: write it as text')
  }
  return value
}

function checkedText(text: string): string {
  if (!text.isWellFormed()) throw new TallyValueError('a text has half a character in it')
  return text
}

/** Automerge gives even the largest of the safe integers as a BigInt. */
function wholeNumber(value: bigint): number | string {
  const number = Number(value)
  return Number.isSafeInteger(number) ? number : value.toString()
}

function dateText(date: Date): string {
  return Number.isNaN(date.getTime()) ? 'Invalid Date' : date.toISOString()
}

/** `Array.isArray` does not narrow a readonly array out of a union. */
function isList(value: object): value is readonly JsonValue[] {
  return Array.isArray(value)
}

import { JsonError } from '../errors.ts'
import { MAX_FRAME_BYTES } from '../frame/frame-limits.ts'
import { outlineOf } from './json-outline.ts'
import type { JsonValue } from './json-value.ts'
import type { MessageExtent } from './message-extent.ts'

export type JsonObject = { readonly [name: string]: JsonValue }

const decoder = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true })
const BYTE_ORDER_MARK = 0xfeff
/** Names that reach an object's prototype in careless code. */
const FORBIDDEN_NAMES: ReadonlySet<string> = new Set(['__proto__', 'constructor', 'prototype'])

/**
 * Parses a JSON object that can be read in one way only: UTF-8 without byte order mark, no name
 * twice in an object, no lone surrogate, whole numbers that a double holds exactly, bounded depth
 * and number of values. The standard parser does the parsing; this refuses the rest that it lets pass.
 * @param extent gets the depth, if that is the largest so far
 * @param maxBytes of the text. @default those of a frame
 * @throws JsonError
 */
export function parseStrictJson(
  bytes: Uint8Array,
  extent?: MessageExtent,
  maxBytes = MAX_FRAME_BYTES,
): JsonObject {
  if (bytes.length > maxBytes) throw new JsonError('too_long')
  const text = decodeText(bytes)
  if (text.charCodeAt(0) === BYTE_ORDER_MARK) throw new JsonError('byte_order_mark')
  const outline = outlineOf(text)
  const value = parseJson(text)
  if (!isObject(value)) throw new JsonError('not_an_object')
  // The parser keeps the last of two members with one name: then there are fewer than written.
  if (checkValue(value) !== outline.members) throw new JsonError('duplicate_name')
  if (extent !== undefined) extent.jsonDepth = Math.max(extent.jsonDepth, outline.depth)
  return value
}

/**
 * Refuses a value that `parseStrictJson` would refuse, before it is sent and without parsing it again.
 * @param text the value as `JSON.stringify` writes it
 * @throws JsonError
 */
export function checkStrictJson(value: unknown, text: string): void {
  outlineOf(text)
  checkValue(value)
}

function decodeText(bytes: Uint8Array): string {
  const text = orUndefined(() => decoder.decode(bytes))
  if (text === undefined) throw new JsonError('not_utf8')
  return text
}

/** @throws JsonError `syntax`, without the text */
export function parseJson(text: string): JsonValue {
  const value = orUndefined<JsonValue>(() => JSON.parse(text))
  if (value === undefined) throw new JsonError('syntax')
  return value
}

/** Drops the error: the parser's quotes the text, which may hold a secret. */
function orUndefined<T>(work: () => T): T | undefined {
  try {
    return work()
  } catch {
    return undefined
  }
}

function isObject(value: JsonValue): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

/** @returns the number of members, in all objects together */
function checkValue(value: unknown): number {
  if (typeof value === 'string') checkText(value)
  if (typeof value === 'number') checkNumber(value)
  if (typeof value !== 'object' || value === null) return 0
  let members = 0
  if (Array.isArray(value)) {
    for (const element of value) members += checkValue(element)
    return members
  }
  for (const [name, member] of Object.entries(value)) {
    if (FORBIDDEN_NAMES.has(name)) throw new JsonError('forbidden_name')
    checkText(name)
    members += 1 + checkValue(member)
  }
  return members
}

function checkText(text: string): void {
  if (!text.isWellFormed()) throw new JsonError('lone_surrogate')
}

function checkNumber(number: number): void {
  const exact = Number.isInteger(number) ? Number.isSafeInteger(number) : Number.isFinite(number)
  if (!exact) throw new JsonError('number')
}

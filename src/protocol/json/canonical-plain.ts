import type { JsonValue } from './json-value.ts'

/** Printable ASCII that needs no escape. */
const PLAIN = /^[ !#-[\]-~]*$/

/** Deeper values are left to who can take them. */
const MAX_DEPTH = 32

/**
 * Canonical JSON (RFC 8785) of what nearly all values are: plain objects and lists of numbers and well-formed texts.
 * Audit records are written for each step of each session, and this takes a fraction of what a library for all cases
 * takes.
 * @returns undefined for anything that is not so plain: that says nothing about it
 */
export function canonicalPlain(value: JsonValue, depth = 0): string | undefined {
  switch (typeof value) {
    case 'string':
      return textOf(value)
    case 'number':
      // Minus zero has no sign in JSON, and what JSON can't say is not for here.
      return Number.isFinite(value) ? String(value === 0 ? 0 : value) : undefined
    case 'boolean':
      return String(value)
    case 'object':
      if (value === null) return 'null'
      if (depth > MAX_DEPTH) return undefined
      return isList(value) ? listOf(value, depth) : objectOf(value, depth)
    default:
      return undefined
  }
}

/** `Array.isArray` does not tell that what is no list is an object, if the list is read-only. */
function isList(value: object): value is readonly JsonValue[] {
  return Array.isArray(value)
}

function textOf(text: string): string | undefined {
  if (PLAIN.test(text)) return `"${text}"`
  // RFC 8785 writes texts as ECMAScript does.
  return text.isWellFormed() ? JSON.stringify(text) : undefined
}

function listOf(list: readonly JsonValue[], depth: number): string | undefined {
  let text = ''
  for (const item of list) {
    const written = canonicalPlain(item, depth + 1)
    if (written === undefined) return undefined
    text += text === '' ? written : `,${written}`
  }
  return `[${text}]`
}

function objectOf(
  value: { readonly [name: string]: JsonValue },
  depth: number,
): string | undefined {
  if (Object.getPrototypeOf(value) !== Object.prototype) return undefined
  const names = Object.keys(value)
  if (!isSorted(names)) names.sort()
  let text = ''
  for (const name of names) {
    const member = value[name]
    const key = textOf(name)
    const written = member === undefined ? undefined : canonicalPlain(member, depth + 1)
    if (key === undefined || written === undefined) return undefined
    text += text === '' ? `${key}:${written}` : `,${key}:${written}`
  }
  return `{${text}}`
}

/** By UTF-16 code units, as JavaScript compares and sorts. */
function isSorted(names: readonly string[]): boolean {
  let before = ''
  for (const name of names) {
    if (name < before) return false
    before = name
  }
  return true
}

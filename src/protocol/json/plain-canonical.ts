/** Objects and arrays inside each other, beyond which this gives up: it calls itself for each. */
const MAX_DEPTH = 64

/** Names that are sorted by insertion; more of them would take the square of the time. */
const MAX_INSERTED = 16

/**
 * Writes canonical JSON of what consists of nothing but arrays, plain objects, texts, finite numbers, booleans and null,
 * by one call of `JSON.stringify`: quickest if the members of all objects are in their canonical order already.
 * @returns undefined for everything else, and for what is nested too deeply
 */
export function plainCanonical(value: unknown): string | undefined {
  const ordered = inOrder(value, 0)
  return ordered === undefined ? undefined : JSON.stringify(ordered)
}

/** @returns the value, or a copy whose members are in canonical order; undefined for what is not plain */
function inOrder(value: unknown, depth: number): unknown {
  switch (typeof value) {
    case 'string':
      return value.isWellFormed() ? value : undefined
    case 'number':
      return Number.isFinite(value) ? value : undefined
    case 'boolean':
      return value
    case 'object':
      if (value === null) return null
      if (depth === MAX_DEPTH) return undefined
      if (Array.isArray(value)) return listInOrder(value, depth + 1)
      return isPlain(value) ? membersInOrder(value, depth + 1) : undefined
    default:
      return undefined
  }
}

function listInOrder(values: readonly unknown[], depth: number): unknown {
  let copy: unknown[] | undefined
  for (let index = 0; index < values.length; index++) {
    const ordered = inOrder(values[index], depth)
    if (ordered === undefined) return undefined
    if (ordered === values[index]) continue
    copy ??= [...values]
    copy[index] = ordered
  }
  return copy ?? values
}

/** Others may have a say in how they are written. */
function isPlain(value: object): value is Readonly<Record<string, unknown>> {
  const prototype: unknown = Object.getPrototypeOf(value)
  return prototype === Object.prototype || prototype === null
}

/** The order is that of UTF-16 code units, as RFC 8785 wants it. */
function membersInOrder(value: Readonly<Record<string, unknown>>, depth: number): unknown {
  let last = ''
  for (const name in value) {
    if (name < last || !name.isWellFormed()) return sortedCopy(value, depth)
    last = name
    const ordered = inOrder(value[name], depth)
    if (ordered === undefined) return undefined
    if (ordered !== value[name]) return sortedCopy(value, depth)
  }
  return value
}

function sortedCopy(value: Readonly<Record<string, unknown>>, depth: number): unknown {
  const copy: Record<string, unknown> = {}
  for (const name of sorted(Object.keys(value))) {
    if (!keepsItsPlace(name) || !name.isWellFormed()) return undefined
    const ordered = inOrder(value[name], depth)
    if (ordered === undefined) return undefined
    copy[name] = ordered
  }
  return copy
}

/** Numbers come first in every object, and `__proto__` is no member if it is assigned. */
function keepsItsPlace(name: string): boolean {
  return !(name >= '0' && name < ':') && name !== '__proto__'
}

/** Sorts a few names in their place: `sort` copies them first, twice. */
function sorted(names: string[]): readonly string[] {
  if (names.length > MAX_INSERTED) return names.sort()
  for (let index = 1; index < names.length; index++) {
    const name = names[index] ?? ''
    let place = index
    for (let before = names[place - 1]; before !== undefined && name < before; ) {
      names[place] = before
      place -= 1
      before = names[place - 1]
    }
    names[place] = name
  }
  return names
}

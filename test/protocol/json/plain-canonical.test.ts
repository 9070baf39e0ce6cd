import canonicalize from 'canonicalize'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { canonicalJson } from '../../../src/protocol/json/canonical-json.ts'
import { plainCanonical } from '../../../src/protocol/json/plain-canonical.ts'
import { jsonValue } from '../../support/protocol/arbitraries.ts'

function nested(depth: number): unknown {
  let value: unknown = 1
  for (let level = 0; level < depth; level++) value = level % 2 === 0 ? [value] : { a: value }
  return value
}

/** So many members, in the opposite order. */
function many(count: number): object {
  const names = Array.from({ length: count }, (_, index) => `n${count - index}`)
  return Object.fromEntries(names.map((name) => [name, [name]]))
}

describe('canonical JSON of plain values', () => {
  it('is what the library writes', () => {
    fc.assert(
      fc.property(jsonValue, (value) => {
        const text = plainCanonical(value) ?? canonicalize(value)
        expect(text).toBe(canonicalize(value))
      }),
    )
  })

  it('is what the library writes for members of any names, in any order', () => {
    const names = fc.uniqueArray(fc.string({ unit: 'grapheme', maxLength: 3 }), { maxLength: 40 })
    fc.assert(
      fc.property(names, (chosen) => {
        const value = Object.fromEntries(chosen.map((name, index) => [name, index]))
        expect(canonicalJson(value)).toBe(canonicalize(value))
      }),
    )
  })

  it.each([2, 16, 17, 200])(
    'is written without the library for %i members in any order',
    (count) => {
      expect(plainCanonical(many(count))).toBe(canonicalize(many(count)))
    },
  )

  it('leaves the value as it is', () => {
    const value = { b: 1, a: [{ d: 1, c: 2 }] }
    expect(plainCanonical(value)).toBe('{"a":[{"c":2,"d":1}],"b":1}')
    expect(JSON.stringify(value)).toBe('{"b":1,"a":[{"d":1,"c":2}]}')
  })

  it.each<[string, unknown]>([
    ['a member that is undefined', { a: undefined, b: 1 }],
    ['an element that is undefined', [undefined]],
    ['a hole', new Array(2)],
    ['a function', { a: () => 1 }],
    ['a symbol', { a: Symbol('a') }],
    ['a date', { a: new Date(0) }],
    ['a method toJSON', { a: { toJSON: () => 'b' } }],
    ['a member toJSON', { b: 1, a: { toJSON: 'b' } }],
    ['a boxed number', { a: Object(1) }],
    ['a map', { a: new Map([[1, 2]]) }],
    ['a member __proto__', JSON.parse('{"b":1,"__proto__":{"a":1}}')],
    ['names that are numbers', { b: 1, 10: 2, 9: 3, '-1': 4 }],
    ['something 64 deep', nested(64)],
    ['something 65 deep', nested(65)],
    ['something 5,000 deep', nested(5_000)],
  ])('is left to the library, or alike, for %s', (_what, value) => {
    expect(canonicalJson(value as never)).toBe(canonicalize(value))
  })

  it.each<[string, unknown]>([
    ['NaN', [Number.NaN]],
    ['infinity', { a: Number.NEGATIVE_INFINITY }],
    ['a bigint', [1n]],
    ['a lone surrogate', { a: 'b\udc00' }],
    ['a lone surrogate in a name', { '\ud800': 1 }],
    ['a lone surrogate in a name that is out of order', { b: 1, 'a\ud800': 1 }],
    ['more than 64 levels', nested(65)],
  ])('is not written here for %s', (_what, value) => {
    expect(plainCanonical(value)).toBe(undefined)
  })
})

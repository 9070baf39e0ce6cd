import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { CanonicalJsonError } from '../../../src/protocol/errors.ts'
import { canonicalJson } from '../../../src/protocol/json/canonical-json.ts'
import type { JsonValue } from '../../../src/protocol/json/json-value.ts'
import { jsonValue } from '../../support/protocol/arbitraries.ts'

/** The same value with the members of every object in the opposite order. */
function reversed(value: JsonValue): JsonValue {
  if (typeof value !== 'object' || value === null) return value
  if (Array.isArray(value)) return value.map(reversed)
  const members = Object.entries(value).toReversed()
  return Object.fromEntries(members.map(([name, member]) => [name, reversed(member)]))
}

describe('canonical JSON', () => {
  it('is as RFC 8785 shows', () => {
    const value: JsonValue = JSON.parse(
      '{"numbers":[333333333.33333329,1E30,4.50,2e-3,0.000000000000000000000000001],' +
        String.raw`"string":"\u20ac$\u000F\u000aA'\u0042\u0022\u005c\\\"\/","literals":[null,true,false]}`,
    )
    expect(canonicalJson(value)).toBe(
      '{"literals":[null,true,false],"numbers":[333333333.3333333,1e+30,4.5,0.002,1e-27],' +
        String.raw`"string":"€$\u000f\nA'B\"\\\\\"/"}`,
    )
  })

  it.each<[string, JsonValue]>([
    ['0', -0],
    ['5e-324', 5e-324],
    ['1e+21', 1e21],
    ['1e-7', 1e-7],
    ['"\u2028\\"\\\\"', '\u2028"\\'],
    ['"\u007f"', '\u007f'],
    ['{"10":1,"9":2}', { 9: 2, 10: 1 }],
    ['{"a":true,"b":[1,"x",null]}', { b: [1, 'x', null], a: true }],
    ['{}', Object.create(null)],
  ])('is %j for what is seldom written', (text, value) => {
    expect(canonicalJson(value)).toBe(text)
  })

  it('sorts names by UTF-16 code units', () => {
    const value = {
      '\u20ac': 1,
      '\r': 2,
      '\ufb33': 3,
      '1': 4,
      '\ud83d\ude00': 5,
      '\u0080': 6,
      ö: 7,
    }
    expect(Object.values(JSON.parse(canonicalJson(value)))).toHaveLength(7)
    expect(canonicalJson(value)).toBe('{"\\r":2,"1":4,"\u0080":6,"ö":7,"€":1,"😀":5,"\ufb33":3}')
  })

  it('is one text for one value, whatever the order of members', () => {
    fc.assert(
      fc.property(jsonValue, (value) => {
        const text = canonicalJson(value)
        expect(canonicalJson(reversed(value))).toBe(text)
        expect(canonicalJson(JSON.parse(text))).toBe(text)
      }),
    )
  })

  it.each<[string, JsonValue]>([
    ['NaN', { a: Number.NaN }],
    ['infinity', [Number.POSITIVE_INFINITY]],
    ['a lone surrogate', 'a\ud800'],
    ['a lone surrogate in a name', { '\udc00': 1 }],
  ])('does not exist for %s', (_what, value) => {
    expect(() => canonicalJson(value)).toThrow(CanonicalJsonError)
  })
})

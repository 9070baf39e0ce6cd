import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { JsonProblem } from '../../../src/protocol/errors.ts'
import { JsonError } from '../../../src/protocol/errors.ts'
import { MAX_FRAME_BYTES } from '../../../src/protocol/frame/frame-limits.ts'
import { MAX_JSON_DEPTH, MAX_JSON_VALUES } from '../../../src/protocol/json/json-outline.ts'
import { parseStrictJson } from '../../../src/protocol/json/strict-json.ts'
import { jsonValue } from '../../support/protocol/arbitraries.ts'

function problemOf(input: string | Uint8Array): JsonProblem | undefined {
  try {
    parseStrictJson(typeof input === 'string' ? Buffer.from(input) : input)
    return undefined
  } catch (error) {
    if (error instanceof JsonError) return error.problem
    throw error
  }
}

function nested(depth: number): string {
  return `{"a":${'['.repeat(depth - 1)}${']'.repeat(depth - 1)}}`
}

function withNumbers(count: number): string {
  return `{"a":[${Array<string>(count).fill('1').join(',')}]}`
}

describe('strict JSON', () => {
  it('is what the standard parser makes of it', () => {
    fc.assert(
      fc.property(jsonValue, fc.constantFrom(0, 1, 2), (value, indent) => {
        const text = JSON.stringify({ value }, null, indent)
        expect(parseStrictJson(Buffer.from(text))).toEqual(JSON.parse(text))
      }),
    )
  })

  it('tells how deep it goes, and of several texts how deep the deepest does', () => {
    const extent = { jsonDepth: 0, addresses: 0 }
    const depths = ['{}', nested(5), nested(2), '{"a":"[[[[[[[[{"}', nested(MAX_JSON_DEPTH)]
    const told = depths.map((text) => {
      parseStrictJson(Buffer.from(text), extent)
      return extent.jsonDepth
    })
    expect(told).toEqual([1, 5, 5, 5, MAX_JSON_DEPTH])
  })

  it.each<[string, JsonProblem, string | Uint8Array]>([
    ['nothing', 'syntax', ''],
    ['half an object', 'syntax', '{"a":'],
    ['two objects', 'syntax', '{}{}'],
    ['a comma at the end', 'syntax', '{"a":1,}'],
    ['a comment', 'syntax', '{}//'],
    ['single quotes', 'syntax', "{'a':1}"],
    ['NaN', 'syntax', '{"a":NaN}'],
    ['Infinity', 'syntax', '{"a":Infinity}'],
    ['a raw control character', 'syntax', '{"a":"\u0001"}'],
    ['an array', 'not_an_object', '[]'],
    ['null', 'not_an_object', 'null'],
    ['a number too large', 'number', '{"a":1e400}'],
    ['a whole number that a double can not hold', 'number', '{"a":9007199254740993}'],
    ['a byte order mark', 'byte_order_mark', '\ufeff{}'],
    ['bytes that are not UTF-8', 'not_utf8', Uint8Array.of(0x7b, 0xff, 0x7d)],
    ['an overlong slash', 'not_utf8', Uint8Array.of(0x7b, 0x22, 0xc0, 0xaf, 0x22, 0x7d)],
    ['a surrogate in UTF-8', 'not_utf8', Uint8Array.of(0x22, 0xed, 0xa0, 0x80, 0x22)],
    ['UTF-16', 'syntax', Buffer.from('{}', 'utf16le')],
    ['an escaped lone surrogate', 'lone_surrogate', '{"a":"\\ud800"}'],
    ['surrogates in the wrong order', 'lone_surrogate', '{"a":["\\udc00\\ud800"]}'],
    ['a name with a lone surrogate', 'lone_surrogate', '{"\\udfff":1}'],
    ['a name twice', 'duplicate_name', '{"a":1,"a":1}'],
    ['a name twice, once escaped', 'duplicate_name', '{"a":1,"\\u0061":2}'],
    ['a name twice, deep inside', 'duplicate_name', '{"x":[{"y":{"a":1,"b":2,"a":3}}]}'],
    ['__proto__', 'forbidden_name', '{"__proto__":{"role":"stock"}}'],
    ['__proto__, escaped and deep', 'forbidden_name', '{"a":[{"\\u005f_proto__":1}]}'],
    ['constructor', 'forbidden_name', '{"a":{"constructor":{}}}'],
    ['prototype', 'forbidden_name', '{"prototype":0}'],
    ['too many levels', 'too_deep', nested(MAX_JSON_DEPTH + 1)],
    ['a bracket too many, none closed', 'too_deep', '['.repeat(MAX_JSON_DEPTH + 1)],
    ['an object too many, none closed', 'too_deep', '{"a":'.repeat(MAX_JSON_DEPTH + 1)],
    ['too many elements', 'too_many_values', withNumbers(MAX_JSON_VALUES + 2)],
    ['more than a frame', 'too_long', `{"a":"${'a'.repeat(MAX_FRAME_BYTES)}"}`],
  ])('refuses %s', (_what, problem, input) => {
    expect(problemOf(input)).toBe(problem)
  })

  it.each([
    ['as many levels as allowed', nested(MAX_JSON_DEPTH)],
    ['as many elements as allowed', withNumbers(MAX_JSON_VALUES)],
    [
      'brackets, colons, commas and quotes in strings',
      '{"a\\":":"[[[[[[[[[[[[[[[[[[{,:\\\\","b":"\\""}',
    ],
    ['the same name in two objects', '{"a":{"b":1},"c":{"b":1}}'],
    ['an escaped pair of surrogates', '{"a":"\\ud83d\\ude00"}'],
    ['the largest whole numbers', '{"a":[9007199254740991,-9007199254740991]}'],
    ['fractions', '{"a":[0.1,1e-7,123.5e3]}'],
    ['white space', ' {\n"a" :\t1 }\r\n'],
  ])('takes %s', (_what, text) => {
    expect(parseStrictJson(Buffer.from(text))).toEqual(JSON.parse(text))
  })

  it('is read as well as ever after bytes that were not UTF-8', () => {
    expect(problemOf(Uint8Array.of(0x7b, 0x22, 0xf0, 0x9f))).toBe('not_utf8')
    expect(parseStrictJson(Buffer.from('{"a":"ü"}'))).toEqual({ a: 'ü' })
  })

  it('shows nothing of a text that it refuses', () => {
    try {
      parseStrictJson(Buffer.from('{"secret":"AAECAwQFBgcICQoLDA0ODw",}'))
      expect.unreachable()
    } catch (error) {
      expect(error).toBeInstanceOf(JsonError)
      expect(error instanceof Error && error.stack).not.toContain('AAEC')
      expect(error).not.toHaveProperty('cause')
    }
  })
})

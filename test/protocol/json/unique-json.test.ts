import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { parseUniqueJson } from '../../../src/protocol/json/unique-json.ts'

function problemOf(text: string): unknown {
  try {
    parseUniqueJson(text)
  } catch (error) {
    return error instanceof Error && 'problem' in error ? error.problem : error
  }
  return undefined
}

describe('JSON that is given to us', () => {
  it('is read as it is, whatever it is', () => {
    fc.assert(
      fc.property(fc.jsonValue({ maxDepth: 10 }), (value) => {
        const text = JSON.stringify(value)
        expect(parseUniqueJson(text)).toEqual(JSON.parse(text))
      }),
    )
  })

  it.each([
    '{"x":1,"x":2}',
    '{"x":1,"\\u0078":1}',
    '[[{"a":{"b":1,"c":2,"b":3}}]]',
    '{"__proto__":1,"__proto__":2}',
    '{"":1,"":1}',
  ])('with a name twice is refused: %s', (text) => {
    expect(problemOf(text)).toBe('duplicate_name')
  })

  it.each(['{"x":"x","y":{"x":1}}', '[{"x":1},{"x":1}]', '{"a:b,c":1,"d":"{:"}'])(
    'with names that only look alike is read: %s',
    (text) => {
      expect(problemOf(text)).toBeUndefined()
    },
  )

  it('is refused if it is none, or nested deeper than anything is', () => {
    for (const text of ['', '{', '{x:1}', '1 2']) expect(problemOf(text)).toBe('syntax')
    const nested = (depth: number) => '['.repeat(depth) + ']'.repeat(depth)
    expect(problemOf(nested(64))).toBeUndefined()
    expect(problemOf(nested(65))).toBe('too_deep')
  })
})

import fc from 'fast-check'
import { expect, it } from 'vitest'
import { harmless } from '../../../src/cli/text/harmless.ts'
import { jsonText } from '../../../src/cli/text/json-text.ts'

it('JSON is the same value to a parser, and nothing in it moves a cursor or turns the writing', () => {
  fc.assert(
    fc.property(fc.jsonValue({ stringUnit: 'binary' }), fc.boolean(), (value, isIndented) => {
      const text = jsonText(value, isIndented ? 2 : undefined)
      expect(JSON.parse(text)).toEqual(JSON.parse(JSON.stringify(value)))
      for (const line of text.split('\n')) expect(harmless(line)).toBe(line)
    }),
    { numRuns: 400 },
  )
})

it('what hides is written as its number', () => {
  expect(jsonText({ name: 'Bob\u202e\u{e0041}\u009b2J' })).toBe(
    String.raw`{"name":"Bob\u202e\udb40\udc41\u009b2J"}`,
  )
})

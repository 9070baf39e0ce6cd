import fc from 'fast-check'
import { expect, it } from 'vitest'
import { cutText, textWidth, wrapText } from '../../../src/dashboard/text/fit.ts'

const TEXT = fc.oneof(
  fc.string({ unit: 'grapheme', maxLength: 80 }).map((text) => text.replace(/\p{C}/gu, '?')),
  fc.constantFrom(
    'reading the request',
    '漢字'.repeat(20),
    '👩‍👩‍👧‍👦 family'.repeat(4),
    '12D3KooWAbcDef',
    '',
  ),
)
const characters = new Intl.Segmenter('en', { granularity: 'grapheme' })
/** What terminals have been seen to claim, and worse. */
const WIDTH = fc.oneof(
  fc.integer({ min: 1, max: 100 }),
  fc.constantFrom(0, -1, 1, 7, 10_000, Number.NaN, Number.POSITIVE_INFINITY),
)

function atLeast(least: number, width: number): number {
  return Number.isNaN(width) ? least : Math.max(width, least)
}

it('a text is cut between two words where there are some', () => {
  expect(cutText('reading the request', 16, '…')).toBe('reading the…')
  expect(cutText('reading the request', 12, '…')).toBe('reading the…')
  expect(cutText('reading the request', 19, '…')).toBe('reading the request')
  expect(cutText('reading the request', 8, '…')).toBe('reading…')
})

it('what has no words is cut where the room ends, and so is a long word after a short one', () => {
  expect(cutText('12D3KooWAbcDef', 8, '…')).toBe('12D3Koo…')
  expect(cutText('a 12D3KooWAbcDef', 10, '…')).toBe('a 12D3Koo…')
})

it('a text fits its columns, whatever they are', () => {
  fc.assert(
    fc.property(TEXT, WIDTH, (text, width) => {
      expect(textWidth(cutText(text, width, '…'))).toBeLessThanOrEqual(atLeast(0, width))
    }),
  )
})

it('a wrapped text has all its words, in rows that fit, whatever their width', () => {
  fc.assert(
    fc.property(TEXT, WIDTH, (text, width) => {
      const rows = wrapText(text, width)
      expect(rows.join('').replaceAll(' ', '')).toBe(text.replaceAll(' ', ''))
      // A character may be wider than all the room there is.
      const tooWide = rows.filter((row) => textWidth(row) > atLeast(1, width))
      expect(tooWide.filter((row) => [...characters.segment(row)].length > 1)).toEqual([])
    }),
  )
})

it('words are not broken where they fit', () => {
  expect(wrapText('the quick brown fox jumps', 10)).toEqual(['the quick', 'brown fox', 'jumps'])
  expect(wrapText('', 10)).toEqual([''])
})

it('a space that is no place to break at stays, at the end of a row too', () => {
  expect(wrapText('fifty\u00a0 euros', 6)).toEqual(['fifty\u00a0', 'euros'])
  expect(wrapText('漢字\u3000漢字', 6)).toEqual(['漢字\u3000', '漢字'])
  expect(wrapText('漢字\u3000漢字', 4)).toEqual(['漢字', '\u3000漢', '字'])
})

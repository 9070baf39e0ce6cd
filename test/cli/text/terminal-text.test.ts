import fc from 'fast-check'
import stringWidth from 'string-width'
import { describe, expect, it } from 'vitest'
import { harmless } from '../../../src/cli/text/harmless.ts'
import { harmlessWithin } from '../../../src/cli/text/terminal-text.ts'

/** Text with plenty of what hostile peers would put into a name. */
const hostile = fc
  .array(
    fc.oneof(
      fc.string({ unit: 'grapheme' }),
      fc.string({ unit: 'binary' }),
      fc.integer({ min: 0, max: 0xffff }).map((code) => String.fromCharCode(code)),
      fc.constantFrom(
        '\u001b[2J\u001b[H',
        '\u001b]8;;http://x\u0007',
        '\u009b31m',
        '\u202e\u2066',
        '\u200b\u200d\ufeff',
        'a\u0301\u0302\u0303\u0304\u0305',
        '\u{e0041}\u{e0001}',
        '山田　太郎',
        '👩‍👩‍👧',
        '\r\n\t\b\0',
      ),
    ),
    { maxLength: 8 },
  )
  .map((parts) => parts.join(''))

/** Everything that moves, hides or turns something on a screen. */
const DANGEROUS = /[\p{C}\p{Zl}\p{Zp}\p{Default_Ignorable_Code_Point}]/u

describe('a foreign text', () => {
  it('never carries a control, format or invisible character to the screen', () => {
    fc.assert(fc.property(hostile, (text) => !DANGEROUS.test(harmless(text))))
  })

  it('made harmless twice is as made harmless once', () => {
    fc.assert(fc.property(hostile, (text) => harmless(harmless(text)) === harmless(text)))
  })

  it('never takes more columns than it is given', () => {
    fc.assert(
      fc.property(hostile, fc.integer({ min: 0, max: 40 }), (text, columns) => {
        const shown = harmlessWithin(text, columns)
        return stringWidth(shown) <= columns && !DANGEROUS.test(shown)
      }),
    )
  })

  it('that fits is not cut', () => {
    fc.assert(
      fc.property(hostile, (text) => {
        const shown = harmless(text)
        return harmlessWithin(text, stringWidth(shown)) === shown
      }),
    )
  })

  it.each([
    'Alice',
    'Zoë Müller',
    '山田　太郎',
    'Ω ≠ ∅',
    'مرحبا',
    'ไทย',
    'O’Neil & Sons',
    'नमस्ते',
    '🚲 shop',
  ])('that is honest stays as it is: %s', (text) => {
    expect(harmless(text)).toBe(text)
  })

  it.each([
    ['\u001b[31mred', '\\x1b[31mred'],
    ['a\nb\tc', 'a\\nb\\tc'],
    ['evil\u202etxt', 'evil\\u202etxt'],
    ['Al\u200bice', 'Al\\u200bice'],
    ['\u{e0041}', '\\u{e0041}'],
    ['\ud800', '\\ud800'],
    ['\u0301x', '\\u0301x'],
    ['e\u0301\u0302\u0303\u0304', 'e\u0301\u0302\u0303\\u0304'],
    ['a\u2003b', 'a\\u2003b'],
  ])('that is not shows what is in it: %j', (text, shown) => {
    expect(harmless(text)).toBe(shown)
  })

  it('is cut by columns, not by characters', () => {
    expect(harmlessWithin('山田太郎', 5)).toBe('山田…')
    expect(harmlessWithin('山田太郎', 4)).toBe('山…')
    expect(harmlessWithin('🚲🚲🚲', 4)).toBe('🚲…')
    expect(harmlessWithin('abc', 2)).toBe('a…')
    expect(harmlessWithin('abc', 1)).toBe('…')
    expect(harmlessWithin('abc', 0)).toBe('')
  })
})

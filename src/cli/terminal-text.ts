import stringWidth from 'string-width'

/**
 * What is never shown as itself: control, format (bidi, zero-width, tags), surrogate, private and
 * unassigned characters, line and paragraph separators, characters that take no room, and blanks that
 * look like a space and are none; the no-break and the ideographic space are in honest use.
 */
const UNSAFE = /[\p{C}\p{Zl}\p{Zp}\p{Default_Ignorable_Code_Point}]|(?![ \u00a0\u3000])\p{Zs}/gu
/** A mark with nothing to stand on, or the fourth and later mark on one letter: they climb over lines. */
const LOOSE_MARKS = /(?<=^|[\s\p{C}])\p{M}+|(?<=[^\p{M}]\p{M}{3})\p{M}+/gu
const SHORT: Readonly<Record<string, string>> = { '\n': '\\n', '\r': '\\r', '\t': '\\t' }
const ELLIPSIS = '…'

const graphemes = new Intl.Segmenter('en', { granularity: 'grapheme' })

/**
 * Somebody else's text, fit for a terminal: one line, with everything that could move the cursor,
 * turn the writing direction, hide or pose as something else shown as `\n`, `\x1b`, `\u202e`,
 * `\u{e0001}`. Doing it twice changes nothing more.
 */
export function harmless(text: string): string {
  return text.replace(UNSAFE, escaped).replace(LOOSE_MARKS, (marks) => {
    return Array.from(marks, escaped).join('')
  })
}

/** `harmless`, cut to so many columns; the last is `…` where something was cut off. */
export function harmlessWithin(text: string, columns: number): string {
  return cutTo(harmless(text), columns)
}

/** Columns that a harmless text takes on a terminal. */
export function widthOf(text: string): number {
  return stringWidth(text)
}

function cutTo(text: string, columns: number): string {
  if (stringWidth(text) <= columns) return text
  let kept = ''
  let used = 0
  for (const { segment } of graphemes.segment(text)) {
    used += stringWidth(segment)
    if (used > columns - 1) break
    kept += segment
  }
  return columns < 1 ? '' : kept + ELLIPSIS
}

function escaped(character: string): string {
  const short = SHORT[character]
  if (short !== undefined) return short
  const code = character.codePointAt(0) ?? 0
  const hex = code.toString(16)
  if (code <= 0xff) return `\\x${hex.padStart(2, '0')}`
  return code <= 0xffff ? `\\u${hex.padStart(4, '0')}` : `\\u{${hex}}`
}

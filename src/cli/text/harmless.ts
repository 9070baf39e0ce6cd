/**
 * Characters that are never shown as themselves: control, format (bidi, zero-width, tags), surrogate, private and
 * unassigned characters, line and paragraph separators, characters that take no room, and blanks that
 * look like a space and are none; the no-break and the ideographic space are in honest use.
 */
const UNSAFE = /[\p{C}\p{Zl}\p{Zp}\p{Default_Ignorable_Code_Point}]|(?![ \u00a0\u3000])\p{Zs}/gu
/** A mark with nothing to stand on, or the fourth and later mark on one letter: they climb over lines. */
const LOOSE_MARKS = /(?<=^|[\s\p{C}])\p{M}+|(?<=[^\p{M}]\p{M}{3})\p{M}+/gu
const SHORT: Readonly<Record<string, string>> = { '\n': '\\n', '\r': '\\r', '\t': '\\t' }

/**
 * Makes somebody else's text fit for a terminal: one line, with everything that could move the cursor,
 * turn the writing direction, hide or pose as something else shown as `\n`, `\x1b`, `\u202e`,
 * `\u{e0001}`. Doing it twice changes nothing more.
 */
/** Nothing to make harmless, as in nearly all texts. */
const PLAIN = /^[\x20-\x7e]*$/

export function harmless(text: string): string {
  return PLAIN.test(text) ? text : withEscapes(text, escaped)
}

/** Writes each character that `harmless` does not show as itself in the way given. */
export function withEscapes(text: string, written: (character: string) => string): string {
  return text.replace(UNSAFE, written).replace(LOOSE_MARKS, (marks) => {
    return Array.from(marks, written).join('')
  })
}

function escaped(character: string): string {
  const short = SHORT[character]
  if (short !== undefined) return short
  const code = character.codePointAt(0) ?? 0
  const hex = code.toString(16)
  if (code <= 0xff) return `\\x${hex.padStart(2, '0')}`
  return code <= 0xffff ? `\\u${hex.padStart(4, '0')}` : `\\u{${hex}}`
}

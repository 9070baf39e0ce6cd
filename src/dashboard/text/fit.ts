import stringWidth from 'string-width'

/** Characters of one column and one unit of the string each: ASCII, and the signs that we draw ourselves. */
const PLAIN = /^[\x20-\x7e█░▸…·─○●✓✗◷⊘]*$/
const graphemes = new Intl.Segmenter('en', { granularity: 'grapheme' })

/** Columns that a text takes. */
export function textWidth(text: string): number {
  return PLAIN.test(text) ? text.length : stringWidth(text)
}

/**
 * Cuts a text to so many columns, the last one `ellipsis` where something was cut off: between two words, if that leaves
 * enough; ids and paths have but one.
 * @param columns anything but a positive number leaves nothing
 */
export function cutText(text: string, columns: number, ellipsis: string): string {
  if (!(columns > 0)) return ''
  if (textWidth(text) <= columns) return text
  const kept = beginningWithin(text, columns - 1)
  const end = endOfWord(text, kept)
  return (end < kept.length / 3 ? kept : kept.slice(0, end).trimEnd()) + ellipsis
}

/**
 * Breaks a text into rows of so many columns at most, at least one, between words; a word that is longer is broken. Only
 * the spaces that it breaks at are left out: a wide or a no-break space is part of a word.
 */
export function wrapText(text: string, columns: number): readonly string[] {
  const room = Number.isNaN(columns) ? 1 : Math.max(columns, 1)
  const rows: string[] = []
  let rest = text
  for (;;) {
    const kept = beginningWithin(rest, room) || firstOf(rest)
    if (kept.length >= rest.length) return [...rows, rest]
    const end = endOfWord(rest, kept) || kept.length
    rows.push(rest.slice(0, end).replace(/ +$/, ''))
    rest = rest.slice(end).replace(/^ +/, '')
  }
}

/** As many whole characters of a text as fit. */
function beginningWithin(text: string, columns: number): string {
  let [used, length] = [0, 0]
  for (const { segment } of graphemes.segment(text)) {
    used += textWidth(segment)
    if (used > columns) break
    length += segment.length
  }
  return text.slice(0, length)
}

/** A character may be wider than all the room there is. */
function firstOf(text: string): string {
  for (const { segment } of graphemes.segment(text)) return segment
  return ''
}

/** The place in a text where the last whole word of its beginning ends; 0 if there is none. */
function endOfWord(text: string, beginning: string): number {
  if (text[beginning.length] === ' ') return beginning.length
  return Math.max(0, beginning.lastIndexOf(' '))
}

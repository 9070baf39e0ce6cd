import { withEscapes } from './harmless.ts'
import { lines, type ScreenText } from './screen-text.ts'

/** A text with nothing to escape, as nearly all are. */
const PLAIN = /^[\n\x20-\x7e]*$/

/**
 * Writes JSON that does no harm on a terminal either: characters that could move the cursor, turn the writing direction
 * or hide are written like `\u202e`. A parser reads the same value.
 * @param indent blanks per level; without, all is on one line
 */
export function jsonText(value: unknown, indent?: number): ScreenText {
  return harmlessJson(JSON.stringify(value, undefined, indent))
}

/** As `jsonText`, of a text that is JSON already. */
export function harmlessJson(text: string): ScreenText {
  const rows = text.split('\n')
  return lines(PLAIN.test(text) ? rows : rows.map((row) => withEscapes(row, escaped)))
}

/** Outside of the basic plane a character takes two escapes. */
function escaped(character: string): string {
  return Array.from({ length: character.length }, (_, at) => {
    return `\\u${character.charCodeAt(at).toString(16).padStart(4, '0')}`
  }).join('')
}

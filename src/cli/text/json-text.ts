import { withEscapes } from './harmless.ts'

/** A text with nothing to escape, as nearly all are. */
const PLAIN = /^[\n\x20-\x7e]*$/

/**
 * Writes JSON that does no harm on a terminal either: characters that could move the cursor, turn the writing direction
 * or hide are written like `\u202e`. A parser reads the same value.
 * @param indent blanks per level; without, all is on one line
 */
export function jsonText(value: unknown, indent?: number): string {
  return harmlessJson(JSON.stringify(value, undefined, indent))
}

/** As `jsonText`, of a text that is JSON already. */
export function harmlessJson(text: string): string {
  if (PLAIN.test(text)) return text
  return text
    .split('\n')
    .map((line) => withEscapes(line, escaped))
    .join('\n')
}

/** Outside of the basic plane a character takes two escapes. */
function escaped(character: string): string {
  return Array.from({ length: character.length }, (_, at) => {
    return `\\u${character.charCodeAt(at).toString(16).padStart(4, '0')}`
  }).join('')
}

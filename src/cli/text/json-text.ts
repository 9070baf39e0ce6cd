import { withEscapes } from './harmless.ts'

/** Nothing to escape in it, which goes for nearly all there is. */
const PLAIN = /^[\n\x20-\x7e]*$/

/**
 * JSON that does no harm on a terminal either: what could move the cursor, turn the writing direction or hide is
 * written as `\u202e`. To whoever parses it, it is the same value.
 * @param indent blanks per level; without, all is on one line
 */
export function jsonText(value: unknown, indent?: number): string {
  return harmlessJson(JSON.stringify(value, undefined, indent))
}

/** As `jsonText`, of what is JSON already. */
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

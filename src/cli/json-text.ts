import { withEscapes } from './harmless.ts'

/**
 * JSON that does no harm on a terminal either: what could move the cursor, turn the writing direction or hide is
 * written as `\u202e`. To whoever parses it, it is the same value.
 * @param indent blanks per level; without, all is on one line
 */
export function jsonText(value: unknown, indent?: number): string {
  return JSON.stringify(value, undefined, indent)
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

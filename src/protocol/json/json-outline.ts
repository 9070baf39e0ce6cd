import { JsonError } from '../errors.ts'

/** Objects and arrays inside each other. */
export const MAX_JSON_DEPTH = 16
/** Members in one text, all objects together; and as many commas, which bounds the elements. */
export const MAX_JSON_VALUES = 2_048

const QUOTE = 0x22
const BACKSLASH = 0x5c
const COMMA = 0x2c
const COLON = 0x3a

export interface JsonOutline {
  /** Of all objects together. */
  readonly members: number
  /** Objects and arrays inside each other, at most. */
  readonly depth: number
}

/** The most that a text may hold. */
export interface JsonBounds {
  readonly depth: number
  readonly values: number
}

const MESSAGE_BOUNDS: JsonBounds = { depth: MAX_JSON_DEPTH, values: MAX_JSON_VALUES }

/**
 * Counts the members that a JSON text writes, without building anything, and holds it to its bounds.
 * The counts are right if the text is JSON; of any other text they mean nothing.
 * @throws JsonError `too_deep`, `too_many_values`
 */
export function outlineOf(text: string, bounds: JsonBounds = MESSAGE_BOUNDS): JsonOutline {
  let members = 0
  let deepest = 0
  let commas = 0
  let depth = 0
  for (let index = 0; index < text.length; index++) {
    const character = text.charCodeAt(index)
    if (character === QUOTE) index = endOfString(text, index)
    else if (character === COLON) members++
    else if (character === COMMA) commas++
    // `{` and `[`, `}` and `]` differ in one bit, which no other character of JSON's grammar does.
    else if ((character | 0x20) === 0x7b) depth++
    else if ((character | 0x20) === 0x7d) depth--
    if (depth > deepest) {
      deepest = depth
      if (depth > bounds.depth) throw new JsonError('too_deep')
    }
  }
  if (Math.max(members, commas) > bounds.values) throw new JsonError('too_many_values')
  return { members, depth: deepest }
}

/** Index of the closing quote. */
function endOfString(text: string, start: number): number {
  for (let index = start + 1; index < text.length; index++) {
    const character = text.charCodeAt(index)
    if (character === QUOTE) return index
    if (character === BACKSLASH) index++
  }
  return text.length
}

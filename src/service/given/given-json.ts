import { JsonError } from '../../protocol/errors.ts'
import type { JsonValue } from '../../protocol/json/json-value.ts'
import { parseUniqueJson } from '../../protocol/json/unique-json.ts'

/** A value that somebody gave us as JSON, or why it can't be taken, for behind its name: `is not JSON`. */
export type GivenJson = { readonly value: JsonValue } | { readonly problem: string }

/** Reads JSON that was typed or stands in a file; of two members with one name none is dropped without a word. */
export function readGivenJson(text: string): GivenJson {
  try {
    return { value: parseUniqueJson(text) }
  } catch (error) {
    if (!(error instanceof JsonError)) throw error
    const isNone = error.problem === 'syntax'
    return { problem: isNone ? 'is not JSON' : `can’t be taken: ${error.message}` }
  }
}

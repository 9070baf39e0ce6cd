import { JsonError } from '../../protocol/errors.ts'
import type { JsonValue } from '../../protocol/json/json-value.ts'
import { parseStrictJson } from '../../protocol/json/strict-json.ts'
import { MAX_TERMS_BYTES } from '../../protocol/message/message-limits.ts'

/** Terms, or one sentence on why they can't be. */
export type ParsedTerms = { readonly terms: JsonValue } | { readonly problem: string }

/** Values that the rest of the largest message may need: both share one limit. */
const RESERVED_VALUES = `[${'0,'.repeat(255)}0]`

/**
 * Terms from a file: JSON if the text is JSON, else the text itself. What begins like an object or a list
 * and is no JSON is taken for a mistake, not for a text.
 */
export function parseTerms(bytes: Uint8Array): ParsedTerms {
  const text = decoded(bytes)
  if (text === undefined) return { problem: 'the terms are not UTF-8 text' }
  if (text === '') return { problem: 'the terms are empty' }
  const json = isJson(text) ? text : JSON.stringify(text)
  if (json !== text && /^[[{]/.test(text)) return { problem: 'the terms are not valid JSON' }
  return checked(json)
}

function decoded(bytes: Uint8Array): string | undefined {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes).trim()
  } catch {
    return undefined
  }
}

function isJson(text: string): boolean {
  try {
    JSON.parse(text)
    return true
  } catch {
    return false
  }
}

/** By the rules of the wire, on which they will travel inside an object. */
function checked(json: string): ParsedTerms {
  try {
    const wire = Buffer.from(`{"room":${RESERVED_VALUES},"terms":${json}}`)
    const { terms } = parseStrictJson(wire)
    if (terms === undefined) return { problem: 'the terms are empty' }
    if (Buffer.byteLength(JSON.stringify(terms)) > MAX_TERMS_BYTES) {
      return { problem: `the terms take more than ${MAX_TERMS_BYTES} bytes` }
    }
    return { terms }
  } catch (error) {
    if (error instanceof JsonError) return { problem: `in the terms, ${error.message}` }
    throw error
  }
}

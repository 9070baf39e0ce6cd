import canonicalize from 'canonicalize'
import { CanonicalJsonError } from '../errors.ts'
import type { JsonValue } from './json-value.ts'
import { plainCanonical } from './plain-canonical.ts'

const NOT_JSON = 'this value cannot be said in canonical JSON'

/**
 * Writes a value as canonical JSON (RFC 8785): one text for each value, member names sorted, no white space. The library
 * is asked only about what is not plain: it takes twice as long.
 * @throws CanonicalJsonError for NaN, infinities, lone surrogates and anything else that is not JSON
 */
export function canonicalJson(value: JsonValue): string {
  let text = plainCanonical(value)
  if (text !== undefined) return text
  try {
    text = canonicalize(value)
  } catch (error) {
    throw new CanonicalJsonError(NOT_JSON, { cause: error })
  }
  if (text === undefined) throw new CanonicalJsonError(NOT_JSON)
  return text
}

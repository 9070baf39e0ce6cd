/** A value has no canonical JSON: a number that JSON can't say, a lone surrogate, or a circle. */
export class CanonicalJsonError extends Error {
  override readonly name = 'CanonicalJsonError'
  readonly code = 'not_json'
}

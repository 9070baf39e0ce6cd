/** A text is not a draft tally. */
export class DraftMalformedError extends Error {
  override readonly name = 'DraftMalformedError'
  readonly code = 'draft_malformed'
  /** The field that is not as it must be; `text` when it is the text as a whole. */
  readonly field: string

  constructor(field: string, options?: ErrorOptions) {
    super(`this is not a draft tally: ${field}`, options)
    this.field = field
  }
}

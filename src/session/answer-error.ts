/** What this side has to say can't be put into a message: terms, disclosures or ids out of bounds. */
export class AnswerError extends Error {
  override readonly name = 'AnswerError'
  readonly code = 'answer_invalid'

  constructor(message: string, options: ErrorOptions) {
    super(message, options)
  }
}

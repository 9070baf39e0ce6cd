/** A text is not a token secret. Never holds the text. */
export class SecretError extends Error {
  override readonly name = 'SecretError'
  readonly code = 'secret_malformed'

  constructor() {
    super('this is not a token secret')
  }
}

/** These bytes are no receipt. Which member is wrong is in `path`; what was in it is not repeated. */
export class ReceiptMalformedError extends Error {
  override readonly name = 'ReceiptMalformedError'
  readonly code = 'receipt_malformed'
  readonly path: string

  constructor(path: string, options?: ErrorOptions) {
    super(path === '' ? 'this is no receipt' : `this is no receipt: ${path} is wrong`, options)
    this.path = path
  }
}

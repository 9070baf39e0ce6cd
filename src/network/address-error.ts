/** A text can't be listened on or announced. */
export class AddressError extends Error {
  override readonly name = 'AddressError'
  readonly code = 'address_invalid'
  /** As given. */
  readonly address: string

  /** @param problem a sentence's end: "`address` " + problem */
  constructor(address: string, problem: string) {
    super(`${address.startsWith('/') ? address : JSON.stringify(address)} ${problem}`)
    this.address = address
  }
}

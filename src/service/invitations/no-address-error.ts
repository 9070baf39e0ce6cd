/** There is no address that somebody could dial, so a link would be of no use. */
export class NoAddressError extends Error {
  override readonly name = 'NoAddressError'
  readonly code = 'no_address'

  constructor() {
    super('there is no address to put into the link')
  }
}

/** An address can't go into a link: not a multiaddr, or of a kind that links do not carry. */
export class AddressError extends Error {
  override readonly name = 'AddressError'
  readonly code = 'address_unsupported'
  /** The address as given. */
  readonly address: string

  constructor(address: string) {
    super('an address must be a host (ip4, ip6, dns…) and how to reach it, without a peer id')
    this.address = address
  }
}

/** What the system said about listening, by its own code. */
const CODES: Readonly<Record<string, 'address_in_use' | 'address_unavailable' | 'port_forbidden'>> =
  {
    EADDRINUSE: 'address_in_use',
    EADDRNOTAVAIL: 'address_unavailable',
    EACCES: 'port_forbidden',
  }

/** This node can't listen on one of its addresses; it listens on none then. */
export class ListenError extends Error {
  override readonly name = 'ListenError'
  readonly code: 'address_in_use' | 'address_unavailable' | 'port_forbidden' | 'listen_failed'
  /** The multiaddr. */
  readonly address: string

  constructor(address: string, cause: Error) {
    super(`can't listen on ${address}: ${cause.message}`, { cause })
    this.address = address
    const system = 'code' in cause && typeof cause.code === 'string' ? cause.code : ''
    this.code = CODES[system] ?? 'listen_failed'
  }
}

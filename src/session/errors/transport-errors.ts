/** The stream was over before the bytes could leave. */
export class TransportClosedError extends Error {
  override readonly name = 'TransportClosedError'
  readonly code = 'transport_closed'
}

/** None of the addresses answered. Safe to retry. */
export class PeerUnreachableError extends Error {
  override readonly name = 'PeerUnreachableError'
  readonly code = 'unreachable'
  /** Each address tried, with what it said. */
  readonly attempts: readonly { readonly address: string; readonly problem: string }[]

  constructor(
    attempts: readonly { readonly address: string; readonly problem: string }[],
    options?: ErrorOptions,
  ) {
    super('no address of the inviter answered', options)
    this.attempts = attempts
  }
}

/** Somebody answered who is not the peer in the link. Nothing was sent to them. */
export class WrongPeerError extends Error {
  override readonly name = 'WrongPeerError'
  readonly code = 'wrong_peer'
}

/** The peer answered, but does not speak the bootstrap protocol. */
export class ProtocolUnsupportedError extends Error {
  override readonly name = 'ProtocolUnsupportedError'
  readonly code = 'protocol_unsupported'
}

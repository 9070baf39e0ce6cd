/** A text is not the peer id of an Ed25519 key. */
export class PeerIdError extends Error {
  override readonly name = 'PeerIdError'
  readonly code = 'peer_id_malformed'

  constructor(options?: ErrorOptions) {
    super('this is not the peer id of an Ed25519 key', options)
  }
}

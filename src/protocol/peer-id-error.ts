/** A text is not the peer id of an Ed25519 key. */
export class PeerIdError extends Error {
  override readonly name = 'PeerIdError'
  readonly code = 'peer_id_malformed'
}

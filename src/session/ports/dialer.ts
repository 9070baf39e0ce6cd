import type { Transport } from './transport.ts'

/** Opens one stream to the peer that a link names. */
export interface Dialer {
  /** This node's own peer id. */
  readonly localPeer: string
  /**
   * Tries every address under the one signal, with the peer id pinned, and opens one protocol stream.
   * @param peer the peer id that must answer, `12D3KooW…`
   * @param addresses multiaddrs without peer id, best first
   * @throws PeerUnreachableError if nobody answered, WrongPeerError if somebody else did,
   *   ProtocolUnsupportedError if the peer does not speak the bootstrap protocol,
   *   the signal's reason if it was aborted
   */
  dial(peer: string, addresses: readonly string[], signal: AbortSignal): Promise<Transport>
}

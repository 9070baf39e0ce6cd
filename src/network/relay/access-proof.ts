import { createHmac } from 'node:crypto'

/**
 * The protocol by which a peer proves to a relay that it knows the relay's token, on a connection that noise has secured:
 * the relay sends a frame with a nonce, the peer one with the proof, the relay one with a byte, `GRANTED` or `REFUSED`.
 * From then on the peer may reserve, as long as that connection lasts.
 */
export const RELAY_ACCESS_PROTOCOL = '/taleus/relay-access/1.0.0'

/** Bytes of the relay's nonce: it never comes twice. */
export const ACCESS_NONCE_BYTES = 32

export const GRANTED = 1
export const REFUSED = 0

/** Milliseconds for the whole exchange: three round trips on a bad mobile link. */
export const ACCESS_EXCHANGE_MS = 5_000

/** The two ends of the connection, by the peer ids that noise has proved, `12D3KooW…`. */
export interface AccessEnds {
  readonly relay: string
  readonly client: string
}

/**
 * Makes the proof that whoever sends it knows the token. It names both ends, so that a relay that is not meant can't hand
 * it on to the one that is; and nothing of the token can be read from it, if the token can't be guessed.
 */
export function accessProof(token: string, ends: AccessEnds, nonce: Uint8Array): Uint8Array {
  const text = [RELAY_ACCESS_PROTOCOL, ends.relay, ends.client].map((part) => `${part}\0`).join('')
  return createHmac('sha256', token).update(text).update(nonce).digest()
}

import { privateKeyFromProtobuf } from '@libp2p/crypto/keys'
import type { PrivateKey } from '@libp2p/interface'
import { peerIdFromPrivateKey } from '@libp2p/peer-id'
import { generatePrivateKeyBytes, peerIdOfKeyBytes } from './key-bytes.ts'

export type { PrivateKey }
export { generatePrivateKeyBytes }

/**
 * Reads a private key into libp2p's own form, as `createNode` takes it.
 * @param bytes protobuf, as `generatePrivateKeyBytes` makes it
 * @throws IdentityKeyError
 */
export function privateKeyFromBytes(bytes: Uint8Array): PrivateKey {
  peerIdOfKeyBytes(bytes)
  return privateKeyFromProtobuf(bytes)
}

/** Derives the peer id, `12D3KooW…`. */
export function peerIdOf(privateKey: PrivateKey): string {
  return peerIdFromPrivateKey(privateKey).toString()
}

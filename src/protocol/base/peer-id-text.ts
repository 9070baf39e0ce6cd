import { base58btc } from 'multiformats/bases/base58'
import { PeerIdError } from '../errors.ts'

const NOT_A_PEER_ID = 'this is not the peer id of an Ed25519 key'
/** Bytes of an Ed25519 public key. */
export const PUBLIC_KEY_BYTES = 32
/** 38 bytes in base58 with this head are always 52 characters. */
const PEER_ID_CHARACTERS = 52
/** Identity multihash of 36 bytes: a protobuf with key type Ed25519 and 32 bytes of key. */
const HEAD = Uint8Array.of(0x00, 0x24, 0x08, 0x01, 0x12, 0x20)

/**
 * Returns the peer id, `12D3KooW…`, of an Ed25519 public key.
 * @throws PeerIdError unless the key has 32 bytes
 */
export function peerIdOfPublicKey(publicKey: Uint8Array): string {
  if (publicKey.length !== PUBLIC_KEY_BYTES) throw new PeerIdError(NOT_A_PEER_ID)
  const bytes = new Uint8Array(HEAD.length + PUBLIC_KEY_BYTES)
  bytes.set(HEAD)
  bytes.set(publicKey, HEAD.length)
  return base58btc.baseEncode(bytes)
}

/**
 * Returns the 32 bytes of public key that a peer id holds.
 * @throws PeerIdError for anything but the peer id of an Ed25519 key, in its one spelling
 */
export function publicKeyOfPeerId(text: string): Uint8Array {
  // Checked before decoding, because base58 costs the square of the length.
  if (text.length !== PEER_ID_CHARACTERS) throw new PeerIdError(NOT_A_PEER_ID)
  const bytes = fromBase58(text)
  const headed = HEAD.every((byte, index) => bytes[index] === byte)
  if (!headed || bytes.length !== HEAD.length + PUBLIC_KEY_BYTES)
    throw new PeerIdError(NOT_A_PEER_ID)
  return bytes.slice(HEAD.length)
}

function fromBase58(text: string): Uint8Array {
  try {
    return base58btc.baseDecode(text)
  } catch (error) {
    throw new PeerIdError(NOT_A_PEER_ID, { cause: error })
  }
}

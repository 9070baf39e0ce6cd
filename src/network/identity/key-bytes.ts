import {
  createPrivateKey,
  createPublicKey,
  generateKeyPairSync,
  type KeyObject,
  sign,
} from 'node:crypto'
import { peerIdOfPublicKey } from '../../protocol/base/peer-id-text.ts'
import { IdentityKeyError } from '../errors.ts'

// libp2p's form of a private key, read and written here because its own package costs 90 ms to
// import, too much for a cold `taleus token create`. A protobuf: key type Ed25519, then 64 bytes.
const HEAD = Buffer.from([0x08, 0x01, 0x12, 0x40])
const SEED_BYTES = 32
const KEY_BYTES = HEAD.length + 2 * SEED_BYTES
/** Stands before 32 bytes of seed in a PKCS #8 document. */
const PKCS8_HEAD = Buffer.from('302e020100300506032b657004220420', 'hex')

/** Generates an Ed25519 private key, written as libp2p does: protobuf, 68 bytes. */
export function generatePrivateKeyBytes(): Uint8Array {
  const { privateKey } = generateKeyPairSync('ed25519')
  const { d, x } = privateKey.export({ format: 'jwk' })
  return Uint8Array.from(
    Buffer.concat([HEAD, Buffer.from(d ?? '', 'base64url'), Buffer.from(x ?? '', 'base64url')]),
  )
}

/**
 * Derives the peer id of a private key in that form, `12D3KooW…`.
 * @throws IdentityKeyError if the bytes are anything else, or if the two halves do not belong together
 */
export function peerIdOfKeyBytes(bytes: Uint8Array): string {
  const sound =
    bytes.length === KEY_BYTES &&
    HEAD.equals(bytes.subarray(0, HEAD.length)) &&
    publicHalfOf(bytes.subarray(HEAD.length, HEAD.length + SEED_BYTES)).equals(
      bytes.subarray(HEAD.length + SEED_BYTES),
    )
  if (!sound) throw new IdentityKeyError('the bytes are not a sound Ed25519 private key')
  return peerIdOfPublicKey(bytes.subarray(HEAD.length + SEED_BYTES))
}

/**
 * Makes what signs with a private key in that form: Ed25519 over the bytes, 64 bytes.
 * @throws IdentityKeyError as `peerIdOfKeyBytes`
 */
export function signWithKeyBytes(bytes: Uint8Array): (text: Uint8Array) => Uint8Array {
  peerIdOfKeyBytes(bytes)
  const key = privateKeyOf(bytes.subarray(HEAD.length, HEAD.length + SEED_BYTES))
  return (text) => sign(null, text, key)
}

/** Derives the public half, to be compared: with a bit flipped in either half a key signs what nobody can verify. */
function publicHalfOf(seed: Uint8Array): Buffer {
  return Buffer.from(
    createPublicKey(privateKeyOf(seed)).export({ format: 'jwk' }).x ?? '',
    'base64url',
  )
}

function privateKeyOf(seed: Uint8Array): KeyObject {
  return createPrivateKey({ key: Buffer.concat([PKCS8_HEAD, seed]), format: 'der', type: 'pkcs8' })
}

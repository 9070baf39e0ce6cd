import {
  createPrivateKey,
  createPublicKey,
  diffieHellman,
  generateKeyPairSync,
  hkdfSync,
  type KeyObject,
} from 'node:crypto'
import type { ICryptoInterface } from '@chainsafe/libp2p-noise'
import { defaultCrypto } from '@chainsafe/libp2p-noise/crypto'
import { withoutStack } from '../../protocol/base/without-stack.ts'
import { changed, throwUncaught } from './packages.ts'

type Bytes = Parameters<ICryptoInterface['generateX25519SharedKey']>[1]
type KeyPair = ReturnType<ICryptoInterface['generateX25519KeyPair']>

const KEY_BYTES = 32
/** Stands before 32 bytes of seed in a PKCS #8 document. */
const PKCS8_HEAD = Buffer.from('302e020100300506032b656e04220420', 'hex')

/** The bytes that stand for each private key that was generated here. */
const HANDLE = Buffer.from('a key that never leaves OpenSSL.')

/** Private keys by their handles, told apart by identity. */
const kept = new WeakMap<Uint8Array, KeyObject>()

function keep(privateKey: KeyObject, publicKey: KeyObject): KeyPair {
  const handle = Uint8Array.from(HANDLE)
  kept.set(handle, privateKey)
  const { x = '' } = publicKey.export({ format: 'jwk' })
  return { publicKey: Buffer.from(x, 'base64url'), privateKey: handle }
}

function fromSeed(seed: Uint8Array): KeyObject {
  return createPrivateKey({ key: Buffer.concat([PKCS8_HEAD, seed]), format: 'der', type: 'pkcs8' })
}

function publicKeyOf(bytes: Bytes): KeyObject {
  const x = Buffer.from(bytes.subarray()).toString('base64url')
  return createPublicKey({ key: { kty: 'OKP', crv: 'X25519', x }, format: 'jwk' })
}

/** @throws PatchedInternalsError, also where nobody catches it, for a copy of a handle */
function privateKeyOf(bytes: Bytes): KeyObject {
  const known = bytes instanceof Uint8Array ? kept.get(bytes) : undefined
  if (known !== undefined) return known
  const seed = bytes.subarray()
  if (!HANDLE.equals(seed)) return fromSeed(seed)
  const error = changed('@chainsafe/libp2p-noise', 'private key handed back as it was given')
  throwUncaught(error)
  throw error
}

/**
 * X25519 and HKDF as noise wants them, by OpenSSL as its own, but without bringing each private key anew into OpenSSL,
 * which computes the public one each time. A handshake costs either side some 0.25 ms less.
 *
 * Written for @chainsafe/libp2p-noise 17.0.0: counts on noise to hand back the very array that it was given as a
 * private key, and to look at nothing in it. So a key that is generated here need not leave OpenSSL.
 */
export const noiseCrypto: ICryptoInterface = {
  ...defaultCrypto,
  getHKDF(chainingKey, material) {
    const bytes = withoutStack(() =>
      hkdfSync('sha256', material, chainingKey, new Uint8Array(), 3 * KEY_BYTES),
    )
    return [
      new Uint8Array(bytes, 0, KEY_BYTES),
      new Uint8Array(bytes, KEY_BYTES, KEY_BYTES),
      new Uint8Array(bytes, 2 * KEY_BYTES, KEY_BYTES),
    ]
  },
  generateX25519KeyPair() {
    const { privateKey, publicKey } = generateKeyPairSync('x25519')
    return keep(privateKey, publicKey)
  },
  generateX25519KeyPairFromSeed(seed) {
    const privateKey = fromSeed(seed)
    return keep(privateKey, createPublicKey(privateKey))
  },
  /** @throws Error if the other side's key is one that makes every result the same */
  generateX25519SharedKey(handle, theirs) {
    const privateKey = privateKeyOf(handle)
    return withoutStack(() => diffieHellman({ privateKey, publicKey: publicKeyOf(theirs) }))
  },
}

import { type KeyObject, verify } from 'node:crypto'
import { ed25519PublicKey } from '../base/ed25519-key.ts'
import { publicKeyOfPeerId } from '../base/peer-id-text.ts'
import { mayNodeSign, nodeSignatureIn } from '../node/node-signature.ts'

/** Keys that are kept, some KiB each: of peers that come again, or sign several things in one exchange. */
const MAX_KEYS = 256

/** Writes a signature as in messages and receipts: base64url. */
export function signatureText(signature: Uint8Array): string {
  return Buffer.from(signature.buffer, signature.byteOffset, signature.length).toString('base64url')
}

/**
 * Returns true if the party of that id has signed these bytes.
 * @param signature base64url
 */
export function isSignedBy(peerId: string, bytes: Uint8Array, signature: string): boolean {
  const key = keyOf(peerId)
  return key !== undefined && verify(null, bytes, key, Buffer.from(signature, 'base64url'))
}

/**
 * Returns true if the party of that id, or a node with a certificate of its, has signed these bytes.
 * @param signature base64url; a node's has the certificate behind it
 * @param at when it was promised, milliseconds since the epoch
 */
export function isSignedFor(
  party: string,
  bytes: Uint8Array,
  signature: string,
  at: number,
): boolean {
  const found = nodeSignatureIn(Buffer.from(signature, 'base64url'))
  if (found === undefined) return isSignedBy(party, bytes, signature)
  if (!mayNodeSign(found, party, at)) return false
  return isSignedBy(found.certificate.node, bytes, signatureText(found.signature))
}

/** As `isSignedBy`, but most of the work, some 90 µs, is done on another thread. */
export function verifyAside(
  peerId: string,
  bytes: Uint8Array,
  signature: string,
): Promise<boolean> {
  const key = keyOf(peerId)
  if (key === undefined) return Promise.resolve(false)
  return new Promise((resolve) => {
    verify(null, bytes, key, Buffer.from(signature, 'base64url'), (error, isGood) =>
      resolve(error === null && isGood),
    )
  })
}

/** The keys of peers met last, by peer id, oldest first. A peer id holds its key: what it names never changes. */
const keys = new Map<string, KeyObject>()

/** @returns undefined if the peer id holds no Ed25519 key: nobody can sign with it */
function keyOf(peerId: string): KeyObject | undefined {
  const known = keys.get(peerId)
  if (known !== undefined) return known
  try {
    const key = ed25519PublicKey(publicKeyOfPeerId(peerId))
    const [oldest] = keys.keys()
    if (oldest !== undefined && keys.size === MAX_KEYS) keys.delete(oldest)
    keys.set(peerId, key)
    return key
  } catch {
    return undefined
  }
}

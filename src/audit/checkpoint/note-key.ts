import { sha256 } from '../../protocol/base/digest.ts'
import { publicKeyOfPeerId } from '../../protocol/base/peer-id-text.ts'

/** Signature type of https://c2sp.org/signed-note for Ed25519. */
const ED25519_TYPE = 1

/** The key of a signer of notes, by name. */
export interface NoteKey {
  /** Neither spaces nor `+`. */
  readonly name: string
  /** Ed25519, 32 bytes. */
  readonly publicKey: Uint8Array
}

/** A signer of notes: the key, and the means to sign with it. */
export interface NoteSigner extends NoteKey {
  /** Signs the bytes: Ed25519, 64 bytes. */
  sign(bytes: Uint8Array): Uint8Array
}

/**
 * Returns the key of a party's log. Its name is the log's origin as well.
 * @throws PeerIdError
 */
export function trailKey(peerId: string): NoteKey {
  return { name: `taleus/audit/${peerId}`, publicKey: publicKeyOfPeerId(peerId) }
}

/** Returns the key id: the first four bytes of SHA-256 over name, newline, signature type and public key. */
export function noteKeyId({ name, publicKey }: NoteKey): Buffer {
  const bytes = Buffer.concat([Buffer.from(`${name}\n`), Buffer.of(ED25519_TYPE), publicKey])
  return sha256(bytes).subarray(0, 4)
}

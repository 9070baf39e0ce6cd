import { sha256 } from '../../protocol/base/digest.ts'
import { publicKeyOfPeerId } from '../../protocol/base/peer-id-text.ts'

/** Signature type of https://c2sp.org/signed-note for Ed25519. */
const ED25519_TYPE = 1

/** Whose signature on a note counts. */
export interface NoteKey {
  /** Neither spaces nor `+`. */
  readonly name: string
  /** Ed25519, 32 bytes. */
  readonly publicKey: Uint8Array
}

/** A key that can sign too. */
export interface NoteSigner extends NoteKey {
  /** Ed25519 over the bytes, 64 bytes. */
  sign(bytes: Uint8Array): Uint8Array
}

/**
 * The key of a party's log. Its name is the log's origin as well.
 * @throws PeerIdError
 */
export function trailKey(peerId: string): NoteKey {
  return { name: `taleus/audit/${peerId}`, publicKey: publicKeyOfPeerId(peerId) }
}

/** The first four bytes of SHA-256 over name, newline, signature type and public key. */
export function noteKeyId({ name, publicKey }: NoteKey): Buffer {
  const bytes = Buffer.concat([Buffer.from(`${name}\n`), Buffer.of(ED25519_TYPE), publicKey])
  return sha256(bytes).subarray(0, 4)
}

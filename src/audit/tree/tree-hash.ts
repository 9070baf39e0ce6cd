import { SHA256_BYTES, sha256 } from '../../protocol/base/digest.ts'

/** The root of a tree without leaves, RFC 6962: SHA-256 of nothing. */
export const EMPTY_ROOT: Uint8Array = sha256('')

/** The input of `nodeHash`, filled anew each time. */
const INNER = Buffer.concat([Buffer.of(1)], 1 + 2 * SHA256_BYTES)

/** Hashes an inner node, RFC 6962: SHA-256 of the byte 1 and both children, 32 bytes each. */
export function nodeHash(left: Uint8Array, right: Uint8Array): Uint8Array {
  // A stored node may be damaged, and of any length.
  if (left.length !== SHA256_BYTES || right.length !== SHA256_BYTES) {
    return sha256(Buffer.concat([Buffer.of(1), left, right]))
  }
  INNER.set(left, 1)
  INNER.set(right, 1 + SHA256_BYTES)
  return sha256(INNER)
}

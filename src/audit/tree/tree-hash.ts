import { sha256 } from '../sha256.ts'

/** The root of a tree without leaves, RFC 6962: SHA-256 of nothing. */
export const EMPTY_ROOT: Uint8Array = sha256('')

const INNER = Buffer.of(1)

/** RFC 6962: SHA-256 of a one byte and both children, 32 bytes each. */
export function nodeHash(left: Uint8Array, right: Uint8Array): Uint8Array {
  return sha256(Buffer.concat([INNER, left, right]))
}

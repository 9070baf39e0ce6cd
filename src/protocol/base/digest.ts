import { hash } from 'node:crypto'

/** Bytes of a SHA-256. */
export const SHA256_BYTES = 32

/**
 * SHA-256, 32 bytes. A string is hashed as its UTF-8 bytes. By way of a string of one-byte characters, because a
 * buffer as output costs `node:crypto` more than the hash itself: 0.4 µs instead of 0.8 for 85 bytes.
 */
export function sha256(data: Uint8Array | string): Buffer {
  return Buffer.from(hash('sha256', data, 'binary'), 'binary')
}

/** SHA-256 as 64 lower-case hex digits. A string is hashed as its UTF-8 bytes. */
export function sha256Hex(data: Uint8Array | string): string {
  return hash('sha256', data, 'hex')
}

/**
 * SHA-256, 32 bytes, under a domain of its own: the same data hashed for another purpose gives another value.
 * @param domain a fixed name without NUL, which separates it from the data
 */
export function domainDigest(domain: string, data: Uint8Array | string): Uint8Array {
  const prefix = `${domain}\0`
  // In one call: a hash object costs more than the hash.
  const bytes =
    typeof data === 'string' ? prefix + data : Buffer.concat([Buffer.from(prefix), data])
  // A copy of its own, because small buffers share their memory.
  return new Uint8Array(sha256(bytes))
}

import { hash } from 'node:crypto'

/** SHA-256, 32 bytes. */
export function sha256(bytes: Uint8Array): Uint8Array {
  return new Uint8Array(hash('sha256', bytes, 'buffer'))
}

/** SHA-256 as 64 lower-case hex digits. A string is hashed as its UTF-8 bytes. */
export function sha256Hex(data: Uint8Array | string): string {
  return hash('sha256', data, 'hex')
}

/**
 * SHA-256 under a domain of its own: the same data hashed for another purpose gives another value.
 * @param domain a fixed name without NUL, which separates it from the data
 */
export function domainDigest(domain: string, data: Uint8Array | string): Uint8Array {
  const prefix = `${domain}\0`
  // In one call: a hash object costs more than the hash.
  const bytes =
    typeof data === 'string' ? prefix + data : Buffer.concat([Buffer.from(prefix), data])
  return new Uint8Array(hash('sha256', bytes, 'buffer'))
}

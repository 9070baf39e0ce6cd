import { hash } from 'node:crypto'

/**
 * SHA-256, 32 bytes; a string is hashed as its UTF-8. By way of a string of one-byte characters, because a buffer
 * as output costs `node:crypto` more than the hash itself.
 */
export function sha256(data: string | Uint8Array): Buffer {
  return Buffer.from(hash('sha256', data, 'binary'), 'binary')
}

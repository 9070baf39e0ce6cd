import { base32 } from 'multiformats/bases/base32'
import { domainDigest } from '../base/digest.ts'
import { SecretError } from '../errors.ts'
import type { LinkContent } from './link-content.ts'

export const SECRET_BYTES = 16

/** 16 bytes in base64url are 22 characters; the last one carries two bits, the rest of it is zero. */
export const SECRET_TEXT = /^[A-Za-z0-9_-]{21}[AQgw]$/

const TOKEN_ID_DOMAIN = 'taleus token id 1'
const SECRET_HASH_DOMAIN = 'taleus token secret 1'
const LINK_DOMAIN = 'taleus link 1'
/** 80 bits: two tokens never meet, and it fits in a line of a table. */
const TOKEN_ID_BYTES = 10

/** Derives the token's public name from its secret: 16 characters of lower-case base32. */
export function tokenIdOf(secret: Uint8Array): string {
  return base32.baseEncode(domainDigest(TOKEN_ID_DOMAIN, secret).subarray(0, TOKEN_ID_BYTES))
}

/** Derives the hash that is stored in the secret's place, 32 bytes. Tells nothing about the secret or the token id. */
export function secretHashOf(secret: Uint8Array): Uint8Array {
  return domainDigest(SECRET_HASH_DOMAIN, secret)
}

/** Writes the 16 bytes as they travel in messages: base64url, 22 characters. */
export function secretToText(secret: Uint8Array): string {
  return Buffer.from(secret).toString('base64url')
}

/** Reads a secret. @throws SecretError unless the text is exactly as `secretToText` writes it */
export function secretFromText(text: string): Uint8Array {
  if (!SECRET_TEXT.test(text)) throw new SecretError()
  return Uint8Array.from(Buffer.from(text, 'base64url'))
}

/**
 * Hashes an invitation, which names it without revealing its secret: 64 hex digits over all of it but the addresses,
 * so that a QR code which had to drop some of them is the same invitation as the text. An older link is another
 * invitation, also if it was made with one of ours: what came of the one is not known by the other's protocol.
 */
export function linkHash(content: LinkContent): string {
  const { role, expiresAt, legacy } = content
  const head = `${legacy === undefined ? '' : 'legacy '}${role} ${expiresAt} `
  const data = Buffer.concat([Buffer.from(head), content.secret, content.publicKey])
  return Buffer.from(domainDigest(LINK_DOMAIN, data)).toString('hex')
}

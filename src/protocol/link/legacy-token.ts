import { domainDigest } from '../base/digest.ts'
import type { Role } from '../base/role.ts'
import { SECRET_BYTES, SECRET_TEXT, secretFromText, secretToText } from './secret.ts'

const FOREIGN_DOMAIN = 'taleus legacy token 1'

/** The content of a token as an older peer shows it. */
export interface LegacyToken {
  /** The inviter's role, as the link said: an older contact has no member for it. */
  readonly role: Role
  readonly secret: Uint8Array
}

/**
 * Writes a secret as the token of an older link. To an older peer it is a word that it hands back; the role goes along
 * because its contact does not say which one the invitee expects.
 */
export function legacyTokenText({ role, secret }: LegacyToken): string {
  return `${role}.${secretToText(secret)}`
}

/** Reads a token. One that was not made here is given a secret that nobody was issued: it takes the way of a wrong one. */
export function readLegacyToken(text: string): LegacyToken {
  const own = ownLegacyToken(text)
  return own ?? { role: 'stock', secret: foreignSecret(text) }
}

function ownLegacyToken(text: string): LegacyToken | undefined {
  const [role, secret, ...more] = text.split('.')
  if (more.length > 0 || (role !== 'stock' && role !== 'foil')) return undefined
  return SECRET_TEXT.test(secret ?? '') ? { role, secret: secretFromText(secret ?? '') } : undefined
}

/** Stands for a token of any form where 16 bytes are needed: as hard to guess as the token is. */
function foreignSecret(text: string): Uint8Array {
  return domainDigest(FOREIGN_DOMAIN, text).subarray(0, SECRET_BYTES)
}

import { domainDigest, sha256Hex } from '../base/digest.ts'
import { canonicalJson } from '../json/canonical-json.ts'
import type { InboundContact } from './messages.ts'

const REQUEST_DOMAIN = 'taleus request 2'

/** SHA-256 of a payload's very bytes, 64 hex digits: what an Acknowledgment quotes. */
export function messageHash(payload: Uint8Array): string {
  return sha256Hex(payload)
}

/**
 * What a contact asks for, 64 hex digits: all of it but the secret and the bootstrapId. Two contacts
 * with the same bootstrapId and different hashes are a mismatch.
 */
export function requestHash(contact: InboundContact): string {
  const { type, partyId, role, identity, cadre, another } = contact
  const request = { type, partyId, role, identity, cadre, another: another ?? false }
  return Buffer.from(domainDigest(REQUEST_DOMAIN, canonicalJson(request))).toString('hex')
}

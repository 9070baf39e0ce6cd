import { domainDigest, sha256Hex } from '../base/digest.ts'
import { canonicalJson } from '../json/canonical-json.ts'
import type { InboundContact, Offer } from './messages.ts'

const REQUEST_DOMAIN = 'taleus request 2'
const OFFER_DOMAIN = 'taleus offer 1'

/** Hashes the very bytes of a payload, as an Acknowledgment quotes it: SHA-256, 64 hex digits. */
export function messageHash(payload: Uint8Array): string {
  return sha256Hex(payload)
}

/**
 * Hashes the request in a contact, all of it but the secret and the bootstrapId: 64 hex digits. Two contacts
 * with the same bootstrapId and different hashes are a `mismatch`.
 */
export function requestHash(contact: InboundContact): string {
  const { type, partyId, role, identity, cadre, another } = contact
  const request = { type, partyId, role, identity, cadre, another: another ?? false }
  return Buffer.from(domainDigest(REQUEST_DOMAIN, canonicalJson(request))).toString('hex')
}

/** Hashes the part of an offer that an invitee agrees to, so that its contact can say to which one: 64 hex digits. */
export function offerHash({ terms, required }: Pick<Offer, 'terms' | 'required'>): string {
  return Buffer.from(domainDigest(OFFER_DOMAIN, canonicalJson({ terms, required }))).toString('hex')
}

import { domainDigest } from '../base/digest.ts'
import type { Role } from '../base/role.ts'
import { canonicalJson } from '../json/canonical-json.ts'
import type { JsonValue } from '../json/json-value.ts'
import { parseStrictJson } from '../json/strict-json.ts'

const RECEIPT_DOMAIN = 'taleus receipt 1'
const RESPONSE_DOMAIN = 'taleus response 1'

/** The version of the body that is written and read. */
export const RECEIPT_VERSION = 1

/**
 * What both sides of one redemption sign: the same on either machine, whichever stream carried it, however often.
 * Hashes are SHA-256 in lower-case hex.
 */
export interface ReceiptBody {
  readonly v: typeof RECEIPT_VERSION
  readonly redemptionId: string
  /** The invitation that was redeemed. */
  readonly tokenId: string
  /** Party ids. */
  readonly inviter: string
  readonly invitee: string
  /** The inviter's half. */
  readonly role: Role
  readonly tallyId: string
  /** Of the draft's text. */
  readonly draft: string
  /** Of what the invitee asked for; see `requestHash`. */
  readonly request: string
  /** Of what the inviter answered; see `responseContentHash`. */
  readonly response: string
  /** Milliseconds since the epoch, by the inviter's clock; the draft's `createdAt`. */
  readonly approvedAt: number
}

/** What a side keeps of a receipt beside the tally itself: with that, the rest of the body. */
export interface ReceiptMarks extends Pick<ReceiptBody, 'tokenId' | 'request' | 'response'> {
  readonly inviterSignature?: string
  readonly inviteeSignature?: string
}

/** A receipt as it is printed and handed on. Signatures are base64url; one that is missing was not given. */
export interface Receipted {
  readonly receipt: ReceiptBody
  readonly signatures: { readonly inviter?: string; readonly invitee?: string }
}

/** The bytes that are signed: a domain of their own, a zero byte, the body in canonical JSON. */
export function receiptBytes(body: ReceiptBody): Uint8Array {
  return Buffer.from(`${RECEIPT_DOMAIN}\0${canonicalJson({ ...body })}`)
}

/**
 * SHA-256 (hex) under a domain of its own over an Approval in canonical JSON, all of it but its `signature`: fields
 * that this version does not know are part of it.
 * @throws CanonicalJsonError
 */
export function responseContentHash(approval: object): string {
  const content: { [name: string]: JsonValue } = { ...approval }
  delete content['signature']
  return Buffer.from(domainDigest(RESPONSE_DOMAIN, canonicalJson(content))).toString('hex')
}

/** The same, of a payload that was decoded before. @throws JsonError */
export function payloadContentHash(payload: Uint8Array): string {
  return responseContentHash(parseStrictJson(payload))
}

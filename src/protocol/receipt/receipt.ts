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
 * The content of a receipt, which both sides of one redemption sign. It is the same on both machines, whichever stream
 * carried it and however often. Hashes are SHA-256 in lower-case hex.
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
  /** The hash of the draft's text. */
  readonly draft: string
  /** The hash of the invitee's request; see `requestHash`. */
  readonly request: string
  /** The hash of the inviter's answer; see `responseContentHash`. */
  readonly response: string
  /** Milliseconds since the epoch, by the inviter's clock; the draft's `createdAt`. */
  readonly approvedAt: number
}

/** The parts of a receipt that a side keeps beside the tally. The rest of the body follows from the tally itself. */
export interface ReceiptMarks extends Pick<ReceiptBody, 'tokenId' | 'request' | 'response'> {
  readonly inviterSignature?: string
  readonly inviteeSignature?: string
  /** The invitee's share in the words to compare; no part of the receipt. */
  readonly opening?: string
}

/** A receipt with its signatures, as printed and handed on. Signatures are base64url; a missing one was not given. */
export interface Receipted {
  readonly receipt: ReceiptBody
  readonly signatures: { readonly inviter?: string; readonly invitee?: string }
}

/** Returns the bytes that are signed: a domain of their own, a zero byte, the body in canonical JSON. */
export function receiptBytes(body: ReceiptBody): Uint8Array {
  return Buffer.from(`${RECEIPT_DOMAIN}\0${canonicalJson({ ...body })}`)
}

/**
 * Hashes an Approval, all of it but its `signature`: SHA-256 (hex) under a domain of its own over its canonical JSON.
 * Fields that this version does not know are part of it.
 * @throws CanonicalJsonError
 */
export function responseContentHash(approval: object): string {
  const content: { [name: string]: JsonValue } = { ...approval }
  delete content['signature']
  return Buffer.from(domainDigest(RESPONSE_DOMAIN, canonicalJson(content))).toString('hex')
}

/** As `responseContentHash`, of the payload of an Approval. @throws JsonError */
export function payloadContentHash(payload: Uint8Array): string {
  return responseContentHash(parseStrictJson(payload))
}

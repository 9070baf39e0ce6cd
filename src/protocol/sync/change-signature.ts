import { canonicalJson } from '../json/canonical-json.ts'
import { isSignedBy } from '../receipt/receipt-signature.ts'

const CHANGE_DOMAIN = 'taleus tally change 1'

/** Bytes of a change's hash, SHA-256. */
export const CHANGE_HASH_BYTES = 32

/** Bytes of a signature, Ed25519. */
export const CHANGE_SIGNATURE_BYTES = 64

/** A party's signature under one change of a tally's document. */
export interface ChangeSignature {
  /** The change's hash as Automerge has it: SHA-256 in lower-case hex. */
  readonly change: string
  /** Ed25519, base64url. */
  readonly signature: string
}

/** The change that a signature is about, and who gives it. */
export interface ChangeStatement {
  readonly tallyId: string
  /** The peer id of who made the change. */
  readonly party: string
  readonly change: string
}

/**
 * Returns the bytes that are signed: a domain of their own, a zero byte, the statement in canonical JSON. A change's hash
 * covers the changes that it builds on, down to the draft.
 */
export function changeBytes({ tallyId, party, change }: ChangeStatement): Uint8Array {
  return Buffer.from(`${CHANGE_DOMAIN}\0${canonicalJson({ change, party, tallyId })}`)
}

/** Returns true if that party has signed this change of this tally. @param signature base64url */
export function isChangeSigned(statement: ChangeStatement, signature: string): boolean {
  return isSignedBy(statement.party, changeBytes(statement), signature)
}

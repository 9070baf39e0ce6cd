import * as z from 'zod'
import type { JsonValue } from '../json/json-value.ts'
import { MAX_EXPIRY_SECONDS } from '../link/link-content.ts'
import { SECRET_TEXT } from '../link/secret.ts'
import { isSignatureText, MAX_SIGNATURE_CHARACTERS } from '../node/node-signature.ts'
import {
  MAX_CADRE,
  MAX_CADRE_ADDRESS,
  MAX_DELAY_MS,
  MAX_FIELD_NAME,
  MAX_FIELD_VALUE,
  MAX_ID,
  MAX_IDENTITY_BYTES,
  MAX_IDENTITY_FIELDS,
  MAX_NAME,
  MAX_NOTE,
  MAX_PEER_ID,
  MAX_PROOF_HASHES,
  MAX_REASON,
  MAX_RECEIPT_TEXT,
  MAX_SEEN,
  MAX_TALLY_ID,
  MAX_TERMS_BYTES,
  MAX_TIME_MS,
} from './message-limits.ts'
import { REFUSAL_CODES } from './messages.ts'

const PRINTABLE_ASCII = /^[\x21-\x7e]+$/
// biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is refused
const WITHOUT_CONTROLS = /^[^\u0000-\u001f\u007f-\u009f]+$/

function jsonFits(value: unknown, maxBytes: number): boolean {
  return Buffer.byteLength(JSON.stringify(value) ?? '') <= maxBytes
}

/** Makes a schema of one word of at most `max` visible ASCII characters. */
export function word(max: number) {
  return z.string().max(max).regex(PRINTABLE_ASCII)
}

export const role = z.enum(['stock', 'foil'])
export const secret = z.string().regex(SECRET_TEXT)
export const id = z
  .string()
  .max(MAX_ID)
  .regex(/^[A-Za-z0-9._:-]+$/)
export const tallyId = word(MAX_TALLY_ID)
export const peerId = z
  .string()
  .max(MAX_PEER_ID)
  .regex(/^[1-9A-HJ-NP-Za-km-z]+$/)
/** 64 bytes in base64url without padding, in the one spelling there is. */
export const signature = z.string().regex(/^[A-Za-z0-9_-]{85}[AQgw]$/)
/** The same, of a party that may have nodes: one of theirs has its certificate behind it. */
export const partySignature = z
  .string()
  .max(MAX_SIGNATURE_CHARACTERS)
  .refine((text) => isSignatureText(text))
export const sha256Text = z.string().regex(/^[0-9a-f]{64}$/)
export const reason = z.string().max(MAX_REASON)
/** Read only by who looks into it. */
export const receiptJson = z.string().max(MAX_RECEIPT_TEXT)
export const publicName = z.string().max(MAX_NAME)
export const refusalCode = z.enum(REFUSAL_CODES)
export const delayMs = z.number().int().min(0).max(MAX_DELAY_MS)
export const expirySeconds = z.number().int().min(0).max(MAX_EXPIRY_SECONDS)
export const timeMs = z.number().int().min(0).max(MAX_TIME_MS)

/** Shown to people and used as a key: no control characters, whatever the script. */
const fieldName = z.string().min(1).max(MAX_FIELD_NAME).regex(WITHOUT_CONTROLS)
export const fieldNames = z.array(fieldName).max(MAX_IDENTITY_FIELDS)

export const identityBundle = z
  .record(fieldName, z.string().max(MAX_FIELD_VALUE))
  .refine((bundle) => Object.keys(bundle).length <= MAX_IDENTITY_FIELDS)
  .refine((bundle) => jsonFits(bundle, MAX_IDENTITY_BYTES))

const cadreAddress = z.string().startsWith('/').max(MAX_CADRE_ADDRESS).regex(PRINTABLE_ASCII)
export const cadre = z.array(cadreAddress).max(MAX_CADRE)

/** Any JSON: a value that reaches a schema was parsed strictly before, or is checked so when it is encoded. */
export const terms = z.custom<JsonValue>(
  (value) => value !== undefined && jsonFits(value, MAX_TERMS_BYTES),
)

/** Records of an audit. */
const auditSize = z.number().int().min(1).max(Number.MAX_SAFE_INTEGER)
export const seen = z.array(auditSize).max(MAX_SEEN)
export const note = z.string().max(MAX_NOTE)
export const proofs = z
  .array(z.object({ from: auditSize, hashes: z.array(sha256Text).max(MAX_PROOF_HASHES) }))
  .max(MAX_SEEN)

import * as z from 'zod'
import { ReceiptMalformedError } from '../errors.ts'
import { parseStrictJson } from '../json/strict-json.ts'
import {
  id,
  partySignature,
  peerId,
  role,
  sha256Text,
  signature,
  tallyId,
  timeMs,
} from '../message/message-field-schemas.ts'
import { RECEIPT_VERSION, type ReceiptBody, type Receipted } from './receipt.ts'

/** Bytes of a receipt as a file: it has less than 1,500, the rest is room for indentation. */
export const MAX_RECEIPT_BYTES = 8_192

const body: z.ZodType<ReceiptBody> = z
  .strictObject({
    v: z.literal(RECEIPT_VERSION),
    redemptionId: id,
    tokenId: id,
    inviter: peerId,
    invitee: peerId,
    role,
    tallyId,
    draft: sha256Text,
    request: sha256Text,
    response: sha256Text,
    approvedAt: timeMs,
  })
  .refine(({ inviter, invitee }) => inviter !== invitee, { path: ['invitee'] })

const receipted: z.ZodType<Receipted> = z.strictObject({
  receipt: body,
  signatures: z.strictObject({
    inviter: partySignature.exactOptional(),
    invitee: signature.exactOptional(),
  }),
})

/**
 * Parses a receipt: one JSON object, with these members and no others. Does not check its signatures.
 * @throws ReceiptMalformedError
 */
export function parseReceipt(bytes: Uint8Array): Receipted {
  const result = receipted.safeParse(parse(bytes))
  if (result.success) return result.data
  const [issue] = result.error.issues
  // The name of a member that does not belong here is not repeated: the writer chose that too.
  throw new ReceiptMalformedError(issue?.path.join('.') ?? '', { cause: result.error })
}

function parse(bytes: Uint8Array): unknown {
  try {
    return parseStrictJson(bytes)
  } catch (cause) {
    throw new ReceiptMalformedError('', { cause })
  }
}

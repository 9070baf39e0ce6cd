import { sha256Hex } from '../../protocol/base/digest.ts'
import { MAX_DRAFT_BYTES } from '../../protocol/message/message-limits.ts'
import { judgeReceipt, type ReceiptVerdict } from '../../protocol/receipt/judge-receipt.ts'
import { MAX_RECEIPT_BYTES, parseReceipt } from '../../protocol/receipt/parse-receipt.ts'
import type { ReceiptBody, Receipted } from '../../protocol/receipt/receipt.ts'

export type { Receipted, ReceiptVerdict }
export { MAX_DRAFT_BYTES, MAX_RECEIPT_BYTES }

/** The findings about a receipt. */
export interface ReceiptChecked {
  /** True only if both sides signed it, and the draft, if one was given, is the one it is about. */
  readonly ok: boolean
  readonly signatures: ReceiptVerdict
  /** Compared with the draft that was given. */
  readonly draft?: 'same' | 'other'
  readonly receipt: ReceiptBody
}

/** @param draft SHA-256 of the draft that it should be about, lower-case hex */
export function checkReceipt(receipted: Receipted, draft?: string): ReceiptChecked {
  const { receipt } = receipted
  const signatures = judgeReceipt(receipted)
  const isSame = draft === undefined || draft === receipt.draft
  return {
    ok: isSame && signatures.inviter === 'good' && signatures.invitee === 'good',
    signatures,
    ...(draft === undefined ? {} : { draft: isSame ? 'same' : 'other' }),
    receipt,
  }
}

/** As `checkReceipt`, with the draft's text. */
export function checkReceiptOf(receipted: Receipted, draft: string | Uint8Array): ReceiptChecked {
  return checkReceipt(receipted, sha256Hex(draft))
}

/**
 * Checks a receipt with nothing but itself, and with its draft if there is one.
 * @param receipt as a file has it
 * @param draft the draft's text
 * @throws ReceiptMalformedError
 */
export function checkReceiptBytes(receipt: Uint8Array, draft?: Uint8Array): ReceiptChecked {
  const receipted = parseReceipt(receipt)
  return draft === undefined ? checkReceipt(receipted) : checkReceiptOf(receipted, draft)
}

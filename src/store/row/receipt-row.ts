import { compact } from '../../protocol/base/compact.ts'
import type { ReceiptMarks } from '../../protocol/receipt/receipt.ts'
import { signatureText } from '../../protocol/receipt/receipt-signature.ts'
import { blob, optionalBlob, optionalText, type Row, text } from './row.ts'

type Column = Uint8Array | string | null

/** Returns the values of a tally's receipt columns, in their order. */
export function receiptColumns(receipt: ReceiptMarks | undefined): readonly Column[] {
  if (receipt === undefined) return [null, null, null, null, null, null]
  const { tokenId, request, response, inviterSignature, inviteeSignature, opening } = receipt
  return [
    tokenId,
    Buffer.from(request, 'hex'),
    Buffer.from(response, 'hex'),
    signatureColumn(inviterSignature),
    signatureColumn(inviteeSignature),
    opening ?? null,
  ]
}

export function signatureColumn(signature: string | undefined): Uint8Array | null {
  return signature === undefined ? null : Buffer.from(signature, 'base64url')
}

/** @throws RowInvalidError */
export function receiptIn(row: Row): { readonly receipt?: ReceiptMarks } {
  if (row['token_id'] === null) return {}
  return {
    receipt: compact({
      tokenId: text(row, 'token_id'),
      request: hex(blob(row, 'request_hash')),
      response: hex(blob(row, 'response_hash')),
      inviterSignature: signatureIn(row, 'inviter_signature'),
      inviteeSignature: signatureIn(row, 'invitee_signature'),
      opening: optionalText(row, 'opening'),
    }),
  }
}

function signatureIn(row: Row, column: string): string | undefined {
  const bytes = optionalBlob(row, column)
  return bytes && signatureText(bytes)
}

function hex(bytes: Uint8Array): string {
  return Buffer.from(bytes).toString('hex')
}

import type { ReceiptChecked, ReceiptVerdict } from '../../service/receipts/check-receipt.ts'

/** The reason that a receipt does not hold. */
export interface ReceiptRefusal {
  readonly code: 'receipt_broken' | 'receipt_other_draft' | 'receipt_one_sided'
  readonly detail: string
}

/** Says why a receipt does not hold; undefined if it does. A wrong signature comes before a missing one. */
export function receiptRefusal(checked: ReceiptChecked): ReceiptRefusal | undefined {
  const { ok, signatures, draft } = checked
  if (ok) return undefined
  const bad = sidesThat(signatures, 'bad')
  if (bad.length > 0) {
    const detail = `the signature of the ${bad.join(' and that of the ')} does not verify`
    return { code: 'receipt_broken', detail }
  }
  if (draft === 'other') return { code: 'receipt_other_draft', detail: 'its hash is another one' }
  const detail = `the ${sidesThat(signatures, 'missing').join(' and the ')} did not sign`
  return { code: 'receipt_one_sided', detail }
}

/** The parties whose signature is worth that. */
export function sidesThat(signatures: ReceiptVerdict, worth: ReceiptVerdict['inviter']) {
  return (['inviter', 'invitee'] as const).filter((side) => signatures[side] === worth)
}

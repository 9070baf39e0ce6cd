import type { ReceiptChecked, ReceiptVerdict } from '../../service/receipts/check-receipt.ts'
import { CommandFailure } from '../errors/errors.ts'

/** A receipt does not hold. With `--json` the verdict stands beside the error. */
export class ReceiptRefused extends CommandFailure {
  readonly verdict: ReceiptChecked

  constructor(
    code: 'receipt_broken' | 'receipt_other_draft' | 'receipt_one_sided',
    verdict: ReceiptChecked,
    detail: string,
  ) {
    super(code, { detail })
    this.verdict = verdict
  }
}

/** The reason that a receipt does not hold, or undefined. A wrong signature comes before a missing one. */
export function receiptRefusal(checked: ReceiptChecked): ReceiptRefused | undefined {
  const { ok, signatures, draft } = checked
  if (ok) return undefined
  const bad = sidesThat(signatures, 'bad')
  if (bad.length > 0) {
    const detail = `the signature of the ${bad.join(' and that of the ')} does not verify`
    return new ReceiptRefused('receipt_broken', checked, detail)
  }
  if (draft === 'other') {
    return new ReceiptRefused('receipt_other_draft', checked, 'its hash is another one')
  }
  const detail = `the ${sidesThat(signatures, 'missing').join(' and the ')} did not sign`
  return new ReceiptRefused('receipt_one_sided', checked, detail)
}

/** The parties whose signature is worth that. */
export function sidesThat(signatures: ReceiptVerdict, worth: ReceiptVerdict['inviter']) {
  return (['inviter', 'invitee'] as const).filter((side) => signatures[side] === worth)
}

import type { ReceiptChecked, ReceiptVerdict } from '../../service/receipts/check-receipt.ts'
import { Failure } from '../errors/errors.ts'

/** It does not hold. With `--json` what was found stands beside the error. */
export class ReceiptRefused extends Failure {
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

/** Why it does not hold, or undefined. What is wrong comes before what is only missing. */
export function refusalOf(checked: ReceiptChecked): ReceiptRefused | undefined {
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

/** Whose signature is worth that. */
export function sidesThat(signatures: ReceiptVerdict, worth: ReceiptVerdict['inviter']) {
  return (['inviter', 'invitee'] as const).filter((side) => signatures[side] === worth)
}

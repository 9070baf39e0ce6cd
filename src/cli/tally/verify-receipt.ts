import {
  checkReceiptBytes,
  MAX_DRAFT_BYTES,
  MAX_RECEIPT_BYTES,
  type ReceiptChecked,
} from '../../service/receipts/check-receipt.ts'
import { mailedText } from '../input/mailed-text.ts'
import { readBounded, readFileBounded } from '../input/read-bounded.ts'
import { line, type ScreenText, stacked } from '../text/screen-text.ts'
import { renderTable } from '../text/table.ts'
import { dateText, type TimeStyle } from '../text/time-text.ts'
import { sidesThat } from './receipt-refused.ts'

export type { ReceiptChecked }

/** Bytes that a mail may add to a file: a byte order mark, and empty lines. */
const MAIL_ROOM = 256

/**
 * Checks a receipt from a file.
 * @param source a file with the receipt, or `-` for standard input
 * @param draft a file with the draft's text
 * @throws UsageError, ReceiptMalformedError
 */
export async function verifyReceipt(
  source: string,
  draft: string | undefined,
  stdin: AsyncIterable<unknown>,
): Promise<ReceiptChecked> {
  const bytes =
    source === '-'
      ? await readBounded(stdin, 'standard input', MAX_RECEIPT_BYTES)
      : await readFileBounded(source, MAX_RECEIPT_BYTES)
  const receipt = mailed(bytes)
  if (draft === undefined) return checkReceiptBytes(receipt)
  const room = MAX_DRAFT_BYTES + MAIL_ROOM
  return checkReceiptBytes(receipt, mailed(await readFileBounded(draft, room)))
}

/** Both are one line of JSON, with nothing before or after it; what is not UTF-8 stays as it is. */
function mailed(bytes: Uint8Array): Uint8Array {
  const text = mailedText(bytes)
  return text === undefined ? bytes : Buffer.from(text)
}

/** The parties, the invitation, the tally and the draft, for people. */
export function receiptText(checked: ReceiptChecked, width: number, style: TimeStyle): ScreenText {
  const { receipt } = checked
  const [inviters, invitees] = receipt.role === 'stock' ? ['stock', 'foil'] : ['foil', 'stock']
  const rows = [
    ['inviter', `${receipt.inviter} (${inviters})`],
    ['invitee', `${receipt.invitee} (${invitees})`],
    ['invitation', receipt.tokenId],
    ['redemption', receipt.redemptionId],
    ['tally', receipt.tallyId],
    ['draft', draftText(checked)],
    ['request', receipt.request],
    ['response', receipt.response],
    ['approved', `${dateText(receipt.approvedAt, style)}, by the inviter’s clock`],
  ]
  const table = renderTable([{ title: '' }, { title: '', shrinkTo: 20 }], rows, { width })
  return stacked([signedText(checked), table])
}

function draftText({ receipt, draft }: ReceiptChecked): string {
  if (draft === undefined) return receipt.draft
  return draft === 'same' ? `${receipt.draft} (that file)` : `${receipt.draft} (not that file)`
}

function signedText({ signatures }: ReceiptChecked): ScreenText {
  const good = sidesThat(signatures, 'good')
  if (good.length === 2) return line('Signed by both.')
  const [only] = good
  return line(only === undefined ? 'Signed by neither.' : `Signed by the ${only} only.`)
}

import { checkReceiptOf, type Receipted } from '../../service/receipts/check-receipt.ts'
import { readReceipt } from '../../service/receipts/read-receipt.ts'
import type { TallyRecord } from '../../service/tallies/read-tally.ts'
import { withContext } from '../context.ts'
import { CommandFailure } from '../errors/errors.ts'
import type { Locations } from '../locations.ts'
import { openSink, type SinkFlags } from '../output/open-sink.ts'
import { pour } from '../output/text-sink.ts'
import { jsonText } from '../text/json-text.ts'
import type { ScreenText } from '../text/screen-text.ts'
import { findTally } from './find-tally.ts'
import { receiptRefusal, sidesThat } from './receipt-refused.ts'

export interface ReceiptOptions extends SinkFlags {
  /** A file for the draft's text, too. */
  readonly 'draft-out'?: string | undefined
}

export interface ReceiptTaken {
  readonly receipted: Receipted
  /** The one side that has signed, if it is only one. */
  readonly onlySigner: 'inviter' | 'invitee' | undefined
}

/**
 * Writes the receipt of a tally where it is wanted: one line of JSON.
 * @throws CommandFailure `no_receipt`, `receipt_broken`, `not_found`, `ambiguous_id`; FileExistsError, OutputFileError, UsageError, StoreError
 */
export async function tallyReceipt(
  locations: Locations,
  id: string,
  options: ReceiptOptions,
): Promise<ReceiptTaken> {
  return await withContext(locations, async (context) => {
    const tally = await findTally(await context.store(), id)
    const receipted = readReceipt(tally, await context.peerId())
    if (receipted === undefined) throw new CommandFailure('no_receipt')
    const good = goodSides(receipted, tally)
    const { 'draft-out': draftOut, force = false } = options
    if (draftOut !== undefined) {
      await pour([tally.built.draft.text], await openSink({ out: draftOut, force }))
    }
    if (options.out !== undefined)
      await pour([`${receiptLine(receipted)}\n`], await openSink(options))
    return { receipted, onlySigner: good.length === 2 ? undefined : good[0] }
  })
}

/** The parties that have signed. Throws for a receipt that would not be accepted elsewhere, rather than hand it on. */
function goodSides(receipted: Receipted, { built }: TallyRecord) {
  const checked = checkReceiptOf(receipted, built.draft.text)
  const { code, detail = '' } = receiptRefusal(checked) ?? {}
  if (code === 'receipt_broken') throw new CommandFailure(code, { detail })
  if (checked.draft === 'other') {
    const other = 'the draft that is kept with it is not the one that was signed'
    throw new CommandFailure('receipt_broken', { detail: other })
  }
  const good = sidesThat(checked.signatures, 'good')
  if (good.length === 0) throw new CommandFailure('no_receipt')
  return good
}

export function receiptLine(receipted: Receipted): ScreenText {
  return jsonText(receipted)
}

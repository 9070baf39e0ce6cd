import { Args, Flags } from '@oclif/core'
import { BaseCommand } from '../../cli/base-command.ts'
import { CommandFailure } from '../../cli/errors/errors.ts'
import { FILE_FLAG } from '../../cli/paths/meant-path.ts'
import type { ReceiptChecked } from '../../cli/tally/verify-receipt.ts'

export default class AuditVerifyReceipt extends BaseCommand {
  static override summary = 'Check a receipt of a tally: who signed that, and is it unchanged?'
  static override description =
    'Needs no data directory, no key and no network: the party ids in the receipt are public keys. Whose ids they are you must know. Exit code 0 if both sides have signed it, 11 if it was changed or a signature is not theirs, 12 if only one side has signed.'

  static override examples = [
    '<%= config.bin %> audit verify-receipt mf3w.receipt',
    '<%= config.bin %> audit verify-receipt mf3w.receipt --draft mf3w.draft',
    '<%= config.bin %> audit verify-receipt - --json < mf3w.receipt | jq .receipt.tallyId',
  ]

  static override args = {
    receipt: Args.string({
      description: 'A file with the receipt, or - for standard input.',
      ignoreStdin: true,
      required: true,
    }),
  }

  static override flags = {
    draft: Flags.string({
      ...FILE_FLAG,
      description: 'A file with the draft: is it the one that the receipt is about?',
      env: 'TALEUS_DRAFT',
    }),
  }

  override async run(): Promise<ReceiptChecked> {
    const { args, flags } = await this.parse(AuditVerifyReceipt)
    const { receiptText, verifyReceipt } = await import('../../cli/tally/verify-receipt.ts')
    const { receiptRefusal } = await import('../../cli/tally/receipt-refused.ts')
    const { widthOfTerminal } = await import('../../cli/text/table.ts')
    const { timeStyleOf } = await import('../../cli/text/time-text.ts')
    const checked = await verifyReceipt(args.receipt, flags.draft, process.stdin)
    const refusal = receiptRefusal(checked)
    const failed = refusal && new CommandFailure(refusal.code, { ...refusal, document: checked })
    // A receipt that was changed says nothing about anybody.
    if (failed?.code === 'receipt_broken') throw failed
    this.show(() =>
      receiptText(checked, widthOfTerminal(process.stdout), timeStyleOf(process.stdout)),
    )
    if (failed !== undefined) throw failed
    return checked
  }
}

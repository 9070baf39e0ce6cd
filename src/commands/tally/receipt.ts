import { Flags } from '@oclif/core'
import { BaseCommand } from '../../cli/base-command.ts'
import { idArg } from '../../cli/input/id-arg.ts'
import { OUT_FLAGS } from '../../cli/output/out-flags.ts'
import { FILE_FLAG } from '../../cli/paths/meant-path.ts'
import type { ReceiptTaken } from '../../cli/tally/receipt-tally.ts'

export default class TallyReceipt extends BaseCommand {
  static override summary = 'Print the receipt of a tally, signed by both sides.'
  static override description =
    'Who redeemed which invitation, which tally came of it, and the hash of its draft: one line of JSON, the same on both sides. Anybody can check it with `audit verify-receipt`, without this data directory. It says who has signed; if the other side’s version signs no receipts, that is one side only, and told on stderr.'

  static override examples = [
    '<%= config.bin %> tally receipt mf3w > mf3w.receipt',
    '<%= config.bin %> tally receipt mf3w --out mf3w.receipt --draft-out mf3w.draft',
    '<%= config.bin %> tally receipt mf3w | <%= config.bin %> audit verify-receipt -',
  ]

  static override args = idArg

  static override flags = {
    ...OUT_FLAGS,
    'draft-out': Flags.string({
      ...FILE_FLAG,
      description: 'Write the draft, whose hash is in the receipt, into this file as well.',
      env: 'TALEUS_DRAFT_OUT',
    }),
  }

  override async run(): Promise<ReceiptTaken['receipted']> {
    const { args, flags } = await this.parse(TallyReceipt)
    const { receiptLine, tallyReceipt } = await import('../../cli/tally/receipt-tally.ts')
    const { receipted, onlySigner } = await tallyReceipt(this.locations(flags), args.id, flags)
    if (onlySigner !== undefined) this.note(`Signed by the ${onlySigner} only.`)
    if (flags.out === undefined) this.show(receiptLine(receipted))
    else this.note(`The receipt is in ${flags.out}.`)
    return receipted
  }
}

import { Flags } from '@oclif/core'
import { BaseCommand } from '../../cli/base-command.ts'
import { limitFlag } from '../../cli/input/limit-flag.ts'
import type { TalliesDocument } from '../../cli/tally/list-tallies.ts'

export default class TallyList extends BaseCommand {
  static override summary = 'List the tallies that this side holds, the newest first.'
  static override description =
    'Each is checked: draft, hash, parties, status, receipt and document. Exit code 11 if one does not verify.'

  static override examples = [
    '<%= config.bin %> tally list',
    '<%= config.bin %> tally list --json | jq -r ".tallies[].tallyId"',
  ]

  static override flags = {
    before: Flags.string({
      description: 'Only those that come after this one in the list: the next page.',
      env: 'TALEUS_BEFORE',
      helpValue: 'ID',
    }),
    limit: limitFlag('At most so many.'),
  }

  override async run(): Promise<TalliesDocument> {
    const { flags } = await this.parse(TallyList)
    const { listTallies, mustVerify, talliesText } = await import('../../cli/tally/list-tallies.ts')
    const { widthOfTerminal } = await import('../../cli/text/table.ts')
    const { timeStyleOf } = await import('../../cli/text/time-text.ts')
    const tallies = await listTallies(this.locations(flags), flags)
    this.show(() =>
      talliesText(tallies, widthOfTerminal(process.stdout), timeStyleOf(process.stdout)),
    )
    mustVerify(tallies)
    return tallies
  }
}

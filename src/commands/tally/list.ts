import { Flags } from '@oclif/core'
import { BaseCommand } from '../../cli/base-command.ts'
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
    limit: Flags.integer({
      description: 'At most so many.',
      default: 50,
      env: 'TALEUS_LIMIT',
      helpValue: 'N',
      min: 1,
      max: 100_000,
    }),
  }

  override async run(): Promise<TalliesDocument> {
    const { flags } = await this.parse(TallyList)
    const { listTallies, mustVerify, talliesText } = await import('../../cli/tally/list-tallies.ts')
    const { widthOfTerminal } = await import('../../cli/text/table.ts')
    const { timeStyleOf } = await import('../../cli/text/time-text.ts')
    const tallies = await listTallies(this.locations(flags['data-dir']), flags.limit)
    this.show(talliesText(tallies, widthOfTerminal(process.stdout), timeStyleOf(process.stdout)))
    mustVerify(tallies)
    return tallies
  }
}

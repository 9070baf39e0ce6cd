import { BaseCommand } from '../../cli/base-command.ts'
import { idArg } from '../../cli/input/id-arg.ts'
import type { TallyShown } from '../../cli/tally/show-tally.ts'

export default class TallyShow extends BaseCommand {
  static override summary = 'Show a tally as this side holds it.'
  static override description =
    'The document comes from this side’s own store. Replicas that are equal read the same on both sides. Draft, hash, parties, status, receipt and document are compared: exit code 11 if they do not fit.'

  static override examples = [
    '<%= config.bin %> tally show mf3w',
    '<%= config.bin %> tally show mf3w --json | jq .document',
  ]

  static override args = idArg

  override async run(): Promise<TallyShown> {
    const { args, flags } = await this.parse(TallyShow)
    const { mustVerifyTally, showTally, tallyText } = await import('../../cli/tally/show-tally.ts')
    const { widthOfTerminal } = await import('../../cli/text/table.ts')
    const { timeStyleOf } = await import('../../cli/text/time-text.ts')
    const tally = await showTally(this.locations(flags), args.id)
    this.show(() =>
      tallyText(tally, widthOfTerminal(process.stdout), timeStyleOf(process.stdout), this.hinted),
    )
    mustVerifyTally(tally)
    return tally
  }
}

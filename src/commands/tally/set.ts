import { Args } from '@oclif/core'
import { BaseCommand } from '../../cli/base-command.ts'
import { idArg } from '../../cli/input/id-arg.ts'
import { reasonFlag } from '../../cli/input/reason-flag.ts'
import type { TallyShown } from '../../cli/tally/show-tally.ts'

export default class TallySet extends BaseCommand {
  static override summary = 'Set one key of a tally’s document, on this side.'
  static override description =
    'It is here when this ends. The partner has it after the next sync: a running listener seeks it, `tally sync` does so at once. The draft itself never changes.'

  static override examples = [
    '<%= config.bin %> tally set mf3w "note=bike, lunch Tuesday"',
    '<%= config.bin %> tally set mf3w limit:=250',
  ]

  static override args = {
    ...idArg,
    pair: Args.string({
      description: 'key=text, or key:=json for anything but text.',
      ignoreStdin: true,
      required: true,
    }),
  }

  static override flags = reasonFlag

  override async run(): Promise<TallyShown> {
    const { args, flags } = await this.parse(TallySet)
    const { setTally } = await import('../../cli/tally/set-tally.ts')
    const { tallyText } = await import('../../cli/tally/show-tally.ts')
    const { widthOfTerminal } = await import('../../cli/text/table.ts')
    const { timeStyleOf } = await import('../../cli/text/time-text.ts')
    const { tally, isSought } = await setTally(
      this.locations(flags),
      args.id,
      args.pair,
      flags.reason,
    )
    this.show(() =>
      tallyText(tally, widthOfTerminal(process.stdout), timeStyleOf(process.stdout), this.hinted),
    )
    if (tally.sync !== null) {
      this.note(
        isSought
          ? 'It is here; the listener seeks the partner now: `taleus tally show` says when it has it.'
          : 'It is here; the partner has it after the next sync: `taleus tally sync`.',
      )
    }
    return tally
  }
}

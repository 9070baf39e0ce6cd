import { Args } from '@oclif/core'
import { BaseCommand } from '../../cli/base-command.ts'
import { idArg } from '../../cli/input/id-arg.ts'
import { reasonFlag } from '../../cli/input/reason-flag.ts'
import type { ComparedDocument } from '../../cli/tally/compare-tally.ts'

export default class TallyCompare extends BaseCommand {
  static override summary = 'Compare the words of a tally with those on your partner’s screen.'
  static override description =
    'Both sides show the same four words if, and only if, they have this tally with each other: a link that somebody has swapped on its way leads to others. Read them to each other, in person or by a voice that you know; whoever hears them gives them here, or says yes to the question. What was found is in the audit; words that differ are an alarm, and exit code 11.'

  static override examples = [
    '<%= config.bin %> tally compare mf3w',
    '<%= config.bin %> tally compare mf3w "clip orbit shrug velvet"',
  ]

  static override args = {
    ...idArg,
    words: Args.string({
      description: 'Your partner’s words; without them you are asked.',
      ignoreStdin: true,
    }),
  }

  static override flags = reasonFlag
  static override strict = false

  override async run(): Promise<ComparedDocument> {
    const { args, argv, flags } = await this.parse(TallyCompare)
    const { compareTally, comparedText } = await import('../../cli/tally/compare-tally.ts')
    const [, ...typed] = argv.map(String)
    const compared = await compareTally(this.locations(flags), args.id, {
      typed,
      reason: flags.reason,
      show: (text) => this.showAside(text, true),
    })
    this.show(() => comparedText(compared))
    return compared
  }
}

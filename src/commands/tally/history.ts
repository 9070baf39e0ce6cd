import { Flags } from '@oclif/core'
import { BaseCommand } from '../../cli/base-command.ts'
import { idArg } from '../../cli/input/id-arg.ts'
import { limitFlag } from '../../cli/input/limit-flag.ts'
import { FILE_FLAG } from '../../cli/paths/meant-path.ts'
import type { HistoryDocument } from '../../cli/tally/tally-history.ts'

export default class TallyHistory extends BaseCommand {
  static override summary = 'Tell who set what in a tally’s document, and in which order.'
  static override description =
    'Each change stands behind those that its author knew of; the order is the same on both sides. Times are what the author said. A change is bound to its author by a signature. With --export it goes into a file that anybody can check with `verify`, without this data directory.'

  static override examples = [
    '<%= config.bin %> tally history mf3w',
    '<%= config.bin %> tally history mf3w --key limit --json | jq ".changes[].keys"',
    '<%= config.bin %> tally history mf3w --export mf3w.history && <%= config.bin %> verify mf3w.history',
  ]

  static override args = idArg

  static override flags = {
    export: Flags.string({
      ...FILE_FLAG,
      description: 'Write the whole history into this file, for you alone (mode 0600).',
      env: 'TALEUS_EXPORT',
      exclusive: ['key', 'since'],
    }),
    force: Flags.boolean({
      description: 'Replace the file if there is one.',
      dependsOn: ['export'],
      env: 'TALEUS_FORCE',
    }),
    key: Flags.string({
      description: 'Only what set this key.',
      env: 'TALEUS_KEY',
      helpValue: 'KEY',
    }),
    limit: limitFlag('At most so many, the newest.'),
    since: Flags.string({
      description: 'Only from then on, by the authors’ word: 2h, or 2026-11-21T08:00Z.',
      env: 'TALEUS_SINCE',
      helpValue: 'WHEN',
    }),
  }

  override async run(): Promise<HistoryDocument | { readonly file: string }> {
    const { args, flags } = await this.parse(TallyHistory)
    const { exportHistory, historyText, mustBeSignedBy, readTallyHistory } = await import(
      '../../cli/tally/tally-history.ts'
    )
    const locations = this.locations(flags)
    const { export: out, force } = flags
    if (out !== undefined) {
      const exported = await exportHistory(locations, args.id, { out, force })
      this.note(`The history is in ${out}.`)
      return exported
    }
    const { widthOfTerminal } = await import('../../cli/text/table.ts')
    const { timeStyleOf } = await import('../../cli/text/time-text.ts')
    const told = await readTallyHistory(locations, args.id, flags)
    this.show(() => historyText(told, widthOfTerminal(process.stdout), timeStyleOf(process.stdout)))
    mustBeSignedBy(told)
    return told.document
  }
}

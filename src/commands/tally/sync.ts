import { Args, Flags } from '@oclif/core'
import { BaseCommand } from '../../cli/base-command.ts'
import type { SyncDocument } from '../../cli/tally/sync-tallies.ts'

export default class TallySync extends BaseCommand {
  static override summary = 'Sync tallies’ documents with the partners, both ways.'
  static override description =
    'Dials each partner where it was last known to be, gives it what was set here, and takes what it has set; a partner must be running `listen`. Changes that do not fit, or touch the draft, are refused, and the tally is not synced any further. Exit code 6 if a partner can’t be reached: what is here stays here until the next time.'

  static override examples = [
    '<%= config.bin %> tally sync',
    '<%= config.bin %> tally sync mf3w --wait 1h',
    '<%= config.bin %> tally sync --json | jq ".tallies[] | select(.ahead > 0)"',
  ]

  static override args = {
    id: Args.string({ description: 'Its id, or enough of it; all without.', ignoreStdin: true }),
  }

  static override flags = {
    wait: Flags.string({
      description: 'Try again for so long while a partner can’t be reached.',
      env: 'TALEUS_WAIT',
      helpValue: '1h',
    }),
  }

  override async run(): Promise<SyncDocument> {
    const { args, flags } = await this.parse(TallySync)
    const { syncTalliesByHand } = await import('../../cli/tally/sync-tallies.ts')
    const { timeStyleOf } = await import('../../cli/text/time-text.ts')
    const { text, document, failure } = await syncTalliesByHand(
      this.locations(flags),
      args.id,
      flags,
      timeStyleOf(process.stdout),
    )
    this.show(text)
    if (failure !== undefined) throw failure
    return document
  }
}

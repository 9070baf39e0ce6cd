import { Flags } from '@oclif/core'
import { BaseCommand } from '../../cli/base-command.ts'
import type { ReapDocument } from '../../cli/reaping/reap-leftovers.ts'
import { WHICH_SESSIONS } from '../../cli/sessions/filter-flags.ts'

export default class Reap extends BaseCommand {
  static override summary = 'Clear away what is idle, expired, orphaned, or was never acknowledged.'
  static override description =
    'Nothing is reaped that is not named; without --policy all is only looked at. `all` names the four at once, and asks first. `idle`: sessions of the running listener without progress. `expired`: reservations past their deadline; after 30 days, tokens that expired unused and attempts that came to nothing. `orphaned`: leases, sessions, documents and databases whose owner is gone. `offered`: answers that nobody acknowledged for 30 days are withdrawn; the peer may hold its half all the same, and hears of it when it comes back. A running listener does it itself. What was done is in the audit.'

  static override examples = [
    '<%= config.bin %> reap',
    '<%= config.bin %> reap --policy expired --policy orphaned',
    '<%= config.bin %> reap --policy offered --older-than 60d --dry-run',
    '<%= config.bin %> reap --policy idle --peer 12D3KooWQ7 --json',
  ]

  static override flags = {
    ...WHICH_SESSIONS,
    policy: Flags.string({
      description:
        'What to reap: idle, expired, orphaned, offered, or all. May be given several times.',
      env: 'TALEUS_POLICY',
      helpValue: 'POLICY',
      multiple: true,
      delimiter: ',',
    }),
    state: Flags.string({
      description: 'Only in this state, e.g. offered, reserved, awaiting_ack.',
      env: 'TALEUS_STATE',
      helpValue: 'STATE',
    }),
    'older-than': Flags.string({
      description: 'Only what is older, e.g. 12h; at least 1d for offers.',
      env: 'TALEUS_OLDER_THAN',
      helpValue: '30d',
    }),
    reason: Flags.string({
      description: 'Why, for the audit.',
      env: 'TALEUS_REASON',
      helpValue: 'TEXT',
    }),
    yes: Flags.boolean({
      char: 'y',
      description: 'Do not ask before everything is reaped.',
      env: 'TALEUS_YES',
    }),
    'dry-run': Flags.boolean({ description: 'Only look.', env: 'TALEUS_DRY_RUN' }),
  }

  override async run(): Promise<ReapDocument> {
    const { flags } = await this.parse(Reap)
    const { reapLeftovers, reapText } = await import('../../cli/reaping/reap-leftovers.ts')
    const confirm = async (looked: ReapDocument): Promise<boolean> => {
      const { askYesNo } = await import('../../cli/input/ask.ts')
      this.showAside(reapText(looked, true), true)
      const streams = { input: process.stdin, output: process.stderr }
      return await askYesNo('Reap all of this?', streams)
    }
    const locations = this.locations(flags)
    const document = await reapLeftovers(locations, flags, flags.yes ? undefined : confirm)
    this.show(() => reapText(document, (flags.policy ?? []).length > 0))
    return document
  }
}

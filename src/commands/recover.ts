import { Flags } from '@oclif/core'
import { BaseCommand } from '../cli/base-command.ts'
import { reasonFlag } from '../cli/input/reason-flag.ts'
import type { RecoveryDocument } from '../cli/recovery/recover.ts'

export default class Recover extends BaseCommand {
  static override summary = 'Close what a crash left open, and say what becomes of the rest.'
  static override description =
    '`listen` does this at its start; by hand it is for looking, or when no listener will run. Sessions of dead processes are closed as failed. Reservations, offers and begun redemptions keep their own deadlines: each is told, with what will be done and why.'

  static override examples = [
    '<%= config.bin %> recover --dry-run',
    '<%= config.bin %> recover --json | jq .things',
  ]

  static override flags = {
    ...reasonFlag,
    'dry-run': Flags.boolean({
      description: 'Only say it, also while a listener runs.',
      env: 'TALEUS_DRY_RUN',
    }),
  }

  override async run(): Promise<RecoveryDocument> {
    const { flags } = await this.parse(Recover)
    const { recover, recoveryText } = await import('../cli/recovery/recover.ts')
    const report = await recover(this.locations(flags), flags['dry-run'], flags.reason)
    this.show(() => recoveryText(report, this.hinted))
    return report
  }
}

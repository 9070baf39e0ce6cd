import { Flags } from '@oclif/core'
import type { PruneDocument } from '../../cli/audit/prune-audit.ts'
import { BaseCommand } from '../../cli/base-command.ts'
import { reasonFlag } from '../../cli/input/reason-flag.ts'

export default class AuditPrune extends BaseCommand {
  static override summary = 'Remove the oldest audit records, and leave a signed stub for them.'
  static override description =
    'In whole blocks of 256 records. What stays verifies as before, and checkpoints that were kept elsewhere still prove it; the stub says which records are gone, since when, and why. Nothing is removed from a trail that does not verify.'

  static override examples = [
    '<%= config.bin %> audit prune --keep 3650d --reason "ten years are over" --dry-run',
    '<%= config.bin %> audit prune --keep 365d --reason "policy of the shop" --json',
  ]

  static override flags = {
    ...reasonFlag,
    keep: Flags.string({
      description: 'How far back records stay, at least 1d.',
      env: 'TALEUS_KEEP',
      helpValue: 'DURATION',
      required: true,
    }),
    'dry-run': Flags.boolean({ description: 'Only say it.', env: 'TALEUS_DRY_RUN' }),
  }

  override async run(): Promise<PruneDocument> {
    const { flags } = await this.parse(AuditPrune)
    const { 'dry-run': dryRun, keep, reason } = flags
    const { pruneAudit, pruneText } = await import('../../cli/audit/prune-audit.ts')
    const document = await pruneAudit(this.locations(flags), { keep, reason, dryRun })
    this.show(() => pruneText(document))
    return document
  }
}

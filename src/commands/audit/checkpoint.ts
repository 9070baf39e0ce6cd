import { Flags } from '@oclif/core'
import type { CheckpointDocument } from '../../cli/audit/checkpoint-audit.ts'
import { BaseCommand } from '../../cli/base-command.ts'
import { writeExactly } from '../../cli/output/write-screen.ts'
import { FILE_FLAG } from '../../cli/paths/meant-path.ts'

export default class AuditCheckpoint extends BaseCommand {
  static override summary = 'Sign how far the audit has grown, to be kept elsewhere.'
  static override description =
    'Stdout is the checkpoint: size and root of the tree over all records, signed with this party’s key (c2sp.org/tlog-checkpoint). Kept where nobody can change both, it proves later with `audit verify --against` that nothing before it was changed or cut off.'

  static override examples = [
    '<%= config.bin %> audit checkpoint > /media/usb/taleus.checkpoint',
    '<%= config.bin %> audit checkpoint --out /mnt/other/taleus.checkpoint --quiet',
    '<%= config.bin %> audit checkpoint --json | jq .size',
  ]

  static override flags = {
    out: Flags.string({
      ...FILE_FLAG,
      description: 'Keep it in this file as well; what it holds is replaced.',
      env: 'TALEUS_OUT',
    }),
  }

  override async run(): Promise<CheckpointDocument> {
    const { flags } = await this.parse(AuditCheckpoint)
    const { checkpointAudit } = await import('../../cli/audit/checkpoint-audit.ts')
    const document = await checkpointAudit(this.locations(flags), flags.out)
    if (!this.jsonEnabled()) writeExactly(process.stdout, document.checkpoint)
    return document
  }
}

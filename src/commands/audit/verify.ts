import { Flags } from '@oclif/core'
import type { WholeVerdict } from '../../cli/audit/verify-audit.ts'
import { BaseCommand } from '../../cli/base-command.ts'
import { FILE_FLAG } from '../../cli/paths/meant-path.ts'

export default class AuditVerify extends BaseCommand {
  static override summary = 'Walk the whole audit trail and check that it fits together.'
  static override description =
    'Each record carries the hash of the one before: what is changed, taken out, put in, moved or hidden is found, and named. That the end was not cut off, or all of it rewritten by who has the key, takes a checkpoint kept elsewhere: the answer says up to which record one proves it. The tallies are compared with it, and with their hashes and receipts. Exit code 11 if anything does not verify.'

  static override examples = [
    '<%= config.bin %> audit verify',
    '<%= config.bin %> audit verify --against /media/usb/taleus.checkpoint',
    '<%= config.bin %> audit verify --json | jq .provenUpTo',
  ]

  static override flags = {
    against: Flags.string({
      ...FILE_FLAG,
      description: 'A checkpoint that was kept elsewhere; several are checked all.',
      env: 'TALEUS_AGAINST',
      multiple: true,
    }),
  }

  override async run(): Promise<WholeVerdict> {
    const { flags } = await this.parse(AuditVerify)
    const { verdictText, verifyAudit } = await import('../../cli/audit/verify-audit.ts')
    const against = flags.against ?? []
    const verdict = await verifyAudit(this.locations(flags), against, this.output)
    this.show(() => verdictText(verdict))
    return verdict
  }
}

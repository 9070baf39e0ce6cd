import { Flags } from '@oclif/core'
import type { AuditBroken } from '../../cli/audit/verify-audit.ts'
import { BaseCommand, type ErrorDocument } from '../../cli/base-command.ts'

type Verdict = AuditBroken['verdict']

export default class AuditVerify extends BaseCommand {
  static override summary = 'Walk the whole audit trail and check that it fits together.'
  static override description =
    'Each record carries the hash of the one before: what is changed, taken out, put in, moved or hidden is found, and named. That the end was not cut off, or all of it rewritten by who has the key, takes a checkpoint kept elsewhere: the answer says up to which record one proves it. Exit code 11 if it does not verify.'

  static override examples = [
    '<%= config.bin %> audit verify',
    '<%= config.bin %> audit verify --against /media/usb/taleus.checkpoint',
    '<%= config.bin %> audit verify --json | jq .provenUpTo',
  ]

  static override flags = {
    against: Flags.string({
      description: 'A checkpoint that was kept elsewhere; several are checked all.',
      env: 'TALEUS_AGAINST',
      multiple: true,
      helpValue: 'FILE',
    }),
  }

  override async run(): Promise<Verdict> {
    const { flags } = await this.parse(AuditVerify)
    const { verdictText, verifyAudit } = await import('../../cli/audit/verify-audit.ts')
    const verdict = await verifyAudit(this.locations(flags['data-dir']), flags.against ?? [])
    this.log(verdictText(verdict))
    return verdict
  }

  /** Prints the verdict beside the error: which record, and how far it was good. */
  protected override toErrorJson(error: unknown): ErrorDocument & Partial<Verdict> {
    const verdict: Verdict | undefined =
      error instanceof Error && 'verdict' in error ? Object(error.verdict) : undefined
    return { ...verdict, ...super.toErrorJson(error) }
  }
}

import { PERIOD_FLAGS } from '../../cli/audit/filter-flags.ts'
import type { ReportDocument } from '../../cli/audit/report-audit.ts'
import { BaseCommand } from '../../cli/base-command.ts'

export default class AuditReport extends BaseCommand {
  static override summary =
    'Sum up a period: invitations, refusals, durations, and what went wrong.'
  static override description =
    'Counted from the audit trail: invitations issued, redeemed, expired and refused and why, how sessions ended and how long they took, commands, and anomalies such as a token used by somebody else, a clock that was set, sessions that crashed, and databases that could not be removed.'

  static override examples = [
    '<%= config.bin %> audit report --since 30d',
    '<%= config.bin %> audit report --since 2026-11-01 --until 2026-12-01 --json | jq .anomalies',
  ]

  static override flags = PERIOD_FLAGS

  override async run(): Promise<ReportDocument> {
    const { flags } = await this.parse(AuditReport)
    const { reportAudit, reportText } = await import('../../cli/audit/report-audit.ts')
    const { timeStyleOf } = await import('../../cli/text/time-text.ts')
    const report = await reportAudit(this.locations(flags), flags)
    this.show(() => reportText(report, timeStyleOf(process.stdout)))
    return report
  }
}

import { Flags } from '@oclif/core'
import type { ExportDocument } from '../../cli/audit/export-audit.ts'
import { EXPORT_FORMATS } from '../../cli/audit/export-pieces.ts'
import { AUDIT_FLAGS } from '../../cli/audit/filter-flags.ts'
import { BaseCommand } from '../../cli/base-command.ts'
import { OUT_FLAGS } from '../../cli/output/out-flags.ts'

export default class AuditExport extends BaseCommand {
  static override summary = 'Write the audit trail, or a part of it, for other programs.'
  static override description =
    'As JSON, as NDJSON (one record a line) or as CSV. Each record has the hash that chains it to the one before. In CSV a cell that would begin like a formula begins with an apostrophe.'

  static override examples = [
    '<%= config.bin %> audit export --format csv --out audit.csv',
    '<%= config.bin %> audit export --since 30d | gzip > audit.ndjson.gz',
  ]

  static override flags = {
    format: Flags.option({
      default: 'ndjson' as const,
      description: 'What to write.',
      env: 'TALEUS_FORMAT',
      options: EXPORT_FORMATS,
    })(),
    ...OUT_FLAGS,
    ...AUDIT_FLAGS,
  }

  /** Returns nothing if stdout has the records. */
  override async run(): Promise<ExportDocument | undefined> {
    const { flags } = await this.parse(AuditExport)
    const { exportAudit, exportText } = await import('../../cli/audit/export-audit.ts')
    const locations = this.locations(flags)
    const document = await exportAudit(locations, flags, flags.format)
    if (document !== undefined) this.note(exportText(document))
    return document
  }
}

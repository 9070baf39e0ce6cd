import { Flags } from '@oclif/core'
import { AUDIT_FLAGS } from '../../cli/audit/filter-flags.ts'
import { BaseCommand } from '../../cli/base-command.ts'

export default class AuditQuery extends BaseCommand {
  static override summary = 'Find records in the audit trail, and print them, the oldest first.'
  static override description =
    'All conditions must hold. Records are printed as they are found, however many there are. Says nothing about whether the trail is whole: see audit verify.'

  static override examples = [
    '<%= config.bin %> audit query --severity warning --since 24h',
    '<%= config.bin %> audit query --token w556 --type token --type security',
    '<%= config.bin %> audit query --limit 100 --jsonl | jq -r .data.event',
  ]

  static override flags = {
    ...AUDIT_FLAGS,
    jsonl: Flags.boolean({
      description: 'Print one JSON document a line.',
      env: 'TALEUS_JSONL',
      exclusive: ['json'],
    }),
  }

  /** Nothing is returned: with `--json`, too, the records go out one by one. */
  override async run(): Promise<void> {
    const { flags } = await this.parse(AuditQuery)
    const { queryAudit } = await import('../../cli/audit/query-audit.ts')
    const format = this.jsonEnabled() ? 'json' : 'text'
    await queryAudit(this.locations(flags), flags, flags.jsonl ? 'jsonl' : format)
  }
}

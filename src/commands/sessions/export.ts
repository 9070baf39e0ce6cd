import { Flags } from '@oclif/core'
import { BaseCommand } from '../../cli/base-command.ts'
import { OUT_FLAGS } from '../../cli/output/out-flags.ts'
import type { SessionsExported } from '../../cli/sessions/export-sessions.ts'
import { SESSION_FLAGS } from '../../cli/sessions/filter-flags.ts'

export default class SessionsExport extends BaseCommand {
  static override summary = 'Write sessions for other programs, and for sessions compare.'
  static override description =
    'As JSON Lines: a first line that says whose they are, then one session a line, the oldest first, with its transitions, its audit records and the digest of what was said. It names your partners, and holds no secret.'

  static override examples = [
    '<%= config.bin %> sessions export --out alice.jsonl',
    '<%= config.bin %> sessions export --peer CfCfWby --since 24h | gzip > sessions.jsonl.gz',
  ]

  static override flags = {
    ...OUT_FLAGS,
    ...SESSION_FLAGS,
    limit: Flags.integer({
      default: 1_000_000,
      description: 'At most so many, the oldest.',
      env: 'TALEUS_LIMIT',
      helpValue: 'N',
      min: 1,
    }),
  }

  /** Returns nothing if stdout has the sessions. */
  override async run(): Promise<SessionsExported | undefined> {
    const { flags } = await this.parse(SessionsExport)
    const { exportSessions, sessionsExportText } = await import(
      '../../cli/sessions/export-sessions.ts'
    )
    const document = await exportSessions(this.locations(flags), flags)
    if (document !== undefined) this.note(sessionsExportText(document))
    return document
  }
}

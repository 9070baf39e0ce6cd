import { Flags } from '@oclif/core'
import { BaseCommand } from '../../cli/base-command.ts'
import { limitFlag } from '../../cli/input/limit-flag.ts'
import { SESSION_FLAGS } from '../../cli/sessions/filter-flags.ts'
import type { SessionsDocument } from '../../cli/sessions/list-sessions.ts'

export default class Sessions extends BaseCommand {
  static override aliases = ['sessions:list']
  static override summary = 'List what happened to each attempt on this side, the newest first.'

  static override examples = [
    '<%= config.bin %> sessions',
    '<%= config.bin %> sessions --state failed --since 2h',
    '<%= config.bin %> sessions --jsonl --limit 1000 | jq -r .reason',
    '<%= config.bin %> sessions --json --after 120 | jq .next',
  ]

  static override flags = {
    ...SESSION_FLAGS,
    limit: limitFlag('At most so many.'),
    before: Flags.integer({
      description: 'Only those before this number: the next page.',
      env: 'TALEUS_BEFORE',
      exclusive: ['after'],
      helpValue: 'SEQ',
      min: 1,
    }),
    after: Flags.integer({
      description: 'Only those after this number, the oldest first.',
      env: 'TALEUS_AFTER',
      helpValue: 'SEQ',
      min: 0,
    }),
    jsonl: Flags.boolean({
      description: 'Print one JSON document a line.',
      env: 'TALEUS_JSONL',
      exclusive: ['json'],
    }),
  }

  override async run(): Promise<SessionsDocument> {
    const { flags } = await this.parse(Sessions)
    const { findSessions, moreText, sessionLines, sessionsText } = await import(
      '../../cli/sessions/list-sessions.ts'
    )
    const { layoutOf } = await import('../../cli/sessions/layout.ts')
    const sessions = await findSessions(this.locations(flags), flags)
    if (flags.jsonl) for (const line of sessionLines(sessions)) this.show(line)
    else this.show(() => sessionsText(sessions, layoutOf(process.stdout)))
    const more = moreText(sessions, flags.after !== undefined)
    if (more !== undefined) this.note(more)
    return sessions
  }
}

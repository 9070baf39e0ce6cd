import { Flags } from '@oclif/core'
import { BaseCommand } from '../../cli/base-command.ts'
import type { SessionsDocument } from '../../cli/sessions/list-sessions.ts'

export default class Sessions extends BaseCommand {
  static override aliases = ['sessions:list']
  static override summary = 'List what happened to each attempt on this side, the newest first.'

  static override examples = [
    '<%= config.bin %> sessions',
    '<%= config.bin %> sessions --state failed --since 2h',
    '<%= config.bin %> sessions --jsonl --limit 1000 | jq -r .reason',
  ]

  static override flags = {
    state: Flags.string({
      description: 'Only in this state, e.g. failed.',
      env: 'TALEUS_STATE',
      helpValue: 'STATE',
    }),
    side: Flags.string({
      description: 'Only where you invited (listener) or were invited (dialer).',
      env: 'TALEUS_SIDE',
      options: ['listener', 'dialer'],
    }),
    peer: Flags.string({
      description: 'Only with this peer; the beginning or end of its id is enough.',
      env: 'TALEUS_PEER',
      helpValue: 'PEER',
    }),
    token: Flags.string({
      description: 'Only of this invitation; the beginning of its id is enough.',
      env: 'TALEUS_TOKEN',
      helpValue: 'ID',
    }),
    since: Flags.string({
      description: 'Only begun since then: 2h, or 2026-11-21T08:00Z.',
      env: 'TALEUS_SINCE',
      helpValue: 'WHEN',
    }),
    limit: Flags.integer({
      description: 'At most so many.',
      default: 50,
      env: 'TALEUS_LIMIT',
      helpValue: 'N',
      min: 1,
      max: 100_000,
    }),
    jsonl: Flags.boolean({
      description: 'Print one JSON document a line.',
      env: 'TALEUS_JSONL',
      exclusive: ['json'],
    }),
  }

  override async run(): Promise<SessionsDocument> {
    const { flags } = await this.parse(Sessions)
    const { findSessions, sessionLines, sessionsText } = await import(
      '../../cli/sessions/list-sessions.ts'
    )
    const { layoutOf } = await import('../../cli/sessions/layout.ts')
    const sessions = await findSessions(this.locations(flags['data-dir']), flags)
    if (flags.jsonl) for (const line of sessionLines(sessions)) this.log(line)
    else this.log(sessionsText(sessions, layoutOf(process.stdout)))
    return sessions
  }
}

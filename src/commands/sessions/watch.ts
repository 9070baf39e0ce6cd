import { Flags } from '@oclif/core'
import { BaseCommand } from '../../cli/base-command.ts'
import { writeScreen } from '../../cli/output/write-screen.ts'
import { WHICH_SESSIONS } from '../../cli/sessions/filter-flags.ts'
import { jsonText } from '../../cli/text/json-text.ts'

export default class SessionsWatch extends BaseCommand {
  static override summary = 'Write a line whenever a session of the running listener moves.'
  static override description =
    'First the sessions under way as they are, then each move as it happens, until the listener stops. With --json it writes JSON Lines. A reader that is too slow is told how much it missed, and holds nobody up.'

  static override examples = [
    '<%= config.bin %> sessions watch',
    '<%= config.bin %> sessions watch --state failed',
    '<%= config.bin %> sessions watch --json | jq -r .state',
  ]

  static override flags = {
    ...WHICH_SESSIONS,
    state: Flags.string({
      description: 'Only moves into this state, e.g. failed.',
      env: 'TALEUS_STATE',
      helpValue: 'STATE',
    }),
    jsonl: Flags.boolean({
      description: 'Print one JSON document a line, as --json does here.',
      env: 'TALEUS_JSONL',
    }),
  }

  /** An error is one line among lines. */
  override logJson(json: unknown): void {
    writeScreen(process.stdout, jsonText(json))
  }

  override async run(): Promise<void> {
    const { flags } = await this.parse(SessionsWatch)
    const { watchSessions } = await import('../../cli/sessions/watch-sessions.ts')
    const format = this.jsonEnabled() || flags.jsonl ? 'json' : 'text'
    await watchSessions(this.locations(flags), flags, format)
  }
}

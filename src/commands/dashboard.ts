import { Flags } from '@oclif/core'
import { BaseCommand } from '../cli/base-command.ts'
import { writeScreen } from '../cli/output/write-screen.ts'
import { FILE_FLAG } from '../cli/paths/meant-path.ts'
import { jsonText } from '../cli/text/json-text.ts'

export default class Dashboard extends BaseCommand {
  static override summary = 'Show what the running listener does, or play a recording of it.'
  static override description =
    'It only reads: leaving it, or killing it, changes no session, and several may look at once. It outlives a restart of the listener. Off a terminal, with --plain, it writes lines; with --json, the events themselves, which is a recording for --replay. A recording is also what `listen --json` writes.'

  static override examples = [
    '<%= config.bin %> dashboard',
    '<%= config.bin %> dashboard --json > friday.jsonl',
    '<%= config.bin %> dashboard --replay friday.jsonl --speed 10',
  ]

  static override flags = {
    replay: Flags.string({
      ...FILE_FLAG,
      description: 'Play this recording instead.',
      env: 'TALEUS_REPLAY',
    }),
    speed: Flags.integer({
      description: 'How many times as fast as it happened.',
      default: 1,
      env: 'TALEUS_SPEED',
      helpValue: 'N',
      min: 1,
      max: 1_000,
    }),
    plain: Flags.boolean({
      description: 'One line per event, also on a terminal.',
      env: 'TALEUS_PLAIN',
    }),
  }

  /** An error is one line among lines. */
  override logJson(json: unknown): void {
    writeScreen(process.stdout, jsonText(json))
  }

  override async run(): Promise<void> {
    const { flags } = await this.parse(Dashboard)
    const { watchListener } = await import('../cli/dashboard/watch-listener.ts')
    const { isForPeople, isReadOut } = await import('../cli/dashboard/is-for-people.ts')
    const { replay, speed } = flags
    const text = !flags.plain && isReadOut(process) ? 'sentences' : 'text'
    const format = this.jsonEnabled() ? 'json' : text
    const lines = format === 'json' || flags.plain || !isForPeople(process)
    const options = { lines, format, replay, speed } as const
    const { leaveSoon } = await import('../cli/leave.ts')
    process.exitCode = await watchListener(this.locations(flags), options)
    leaveSoon()
  }
}

import { BaseCommand } from '../../cli/base-command.ts'
import { reasonFlag } from '../../cli/input/reason-flag.ts'
import type { ReapPauseDocument } from '../../cli/reaping/pause-reaping.ts'

export default class ReapResume extends BaseCommand {
  static override summary = 'Have a listener reap by itself again.'

  static override examples = [
    '<%= config.bin %> reap resume',
    '<%= config.bin %> reap resume --json | jq .changed',
  ]

  static override flags = reasonFlag

  override async run(): Promise<ReapPauseDocument> {
    const { flags } = await this.parse(ReapResume)
    const { reapPauseText, resumeReaper } = await import('../../cli/reaping/pause-reaping.ts')
    const resumed = await resumeReaper(this.locations(flags), flags.reason)
    this.show(() => reapPauseText(resumed))
    return resumed
  }
}

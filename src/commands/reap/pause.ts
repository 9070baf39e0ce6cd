import { Flags } from '@oclif/core'
import { BaseCommand } from '../../cli/base-command.ts'
import { reasonFlag } from '../../cli/input/reason-flag.ts'
import type { ReapPauseDocument } from '../../cli/reaping/pause-reaping.ts'

export default class ReapPause extends BaseCommand {
  static override summary = 'Have a listener reap nothing by itself for a while.'
  static override description =
    'What `listen --reap` would clear away stays, also over a restart of the listener, until the time is over. What `reap --policy` names is reaped all the same. `status`, the view and the metrics say so.'

  static override examples = [
    '<%= config.bin %> reap pause',
    '<%= config.bin %> reap pause --for 2d --reason "the auditor is coming"',
  ]

  static override flags = {
    for: Flags.string({
      description: 'How long, at most 7d. [default: 1h]',
      env: 'TALEUS_FOR',
      helpValue: '1h',
    }),
    ...reasonFlag,
  }

  override async run(): Promise<ReapPauseDocument> {
    const { flags } = await this.parse(ReapPause)
    const { pauseReaper, reapPauseText } = await import('../../cli/reaping/pause-reaping.ts')
    const paused = await pauseReaper(this.locations(flags), flags)
    this.show(() => reapPauseText(paused))
    return paused
  }
}

import { Args } from '@oclif/core'
import { BaseCommand } from '../../cli/base-command.ts'
import { reasonFlag } from '../../cli/input/reason-flag.ts'
import type { PausedDocument } from '../../cli/token/pause-token.ts'

export default class TokenResume extends BaseCommand {
  static override summary = 'Have a paused invitation go on.'
  static override description = 'Whoever has its link can use it again, until it expires.'

  static override examples = [
    '<%= config.bin %> token resume k3v7',
    '<%= config.bin %> token resume k3v7 --json | jq -r .status',
  ]

  static override args = {
    id: Args.string({ description: 'Its id, or enough of it.', ignoreStdin: true, required: true }),
  }

  static override flags = reasonFlag

  override async run(): Promise<PausedDocument> {
    const { args, flags } = await this.parse(TokenResume)
    const { pausedText, pauseToken } = await import('../../cli/token/pause-token.ts')
    const locations = this.locations(flags['data-dir'])
    const token = await pauseToken(locations, args.id, false, flags.reason)
    this.showHinted(() => pausedText(token))
    return token
  }
}

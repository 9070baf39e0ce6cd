import { Args } from '@oclif/core'
import { BaseCommand } from '../../cli/base-command.ts'
import { reasonFlag } from '../../cli/input/reason-flag.ts'
import type { PausedDocument } from '../../cli/token/pause-token.ts'

export default class TokenPause extends BaseCommand {
  static override summary = 'Have an invitation give nothing new for now.'
  static override description =
    'Whoever comes with its link is asked to come later, and no use is taken. Sessions under way end as they would; tallies that it led to stay. It still expires when it would.'

  static override examples = [
    '<%= config.bin %> token pause k3v7',
    '<%= config.bin %> token pause k3v7 --reason "out of stock until Monday"',
  ]

  static override args = {
    id: Args.string({ description: 'Its id, or enough of it.', ignoreStdin: true, required: true }),
  }

  static override flags = reasonFlag

  override async run(): Promise<PausedDocument> {
    const { args, flags } = await this.parse(TokenPause)
    const { pausedText, pauseToken } = await import('../../cli/token/pause-token.ts')
    const locations = this.locations(flags['data-dir'])
    const token = await pauseToken(locations, args.id, true, flags.reason)
    this.showHinted(() => pausedText(token))
    return token
  }
}

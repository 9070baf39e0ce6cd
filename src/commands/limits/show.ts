import { BaseCommand } from '../../cli/base-command.ts'
import type { LimitsDocument } from '../../cli/limits/peer-limits.ts'
import { peerArg } from '../../cli/peer/peer-arg.ts'

export default class LimitsShow extends BaseCommand {
  static override summary = 'Show how often a peer may still come.'
  static override description =
    'As the running listener counts: sessions at once, attempts, and wrong secrets. It forgets with time, and when it ends. The limits of an address and of everybody together are in `status`.'

  static override examples = [
    '<%= config.bin %> limits show c6iDEp',
    '<%= config.bin %> limits show c6iDEp --json | jq .limits.attempts.left',
  ]

  static override args = peerArg

  override async run(): Promise<LimitsDocument> {
    const { args, flags } = await this.parse(LimitsShow)
    const { limitsText, showLimits } = await import('../../cli/limits/peer-limits.ts')
    const { widthOfTerminal } = await import('../../cli/text/table.ts')
    const limits = await showLimits(this.locations(flags), args.peer)
    this.show(() => limitsText(limits, widthOfTerminal(process.stdout)))
    return limits
  }
}

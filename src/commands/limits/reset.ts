import { BaseCommand } from '../../cli/base-command.ts'
import { reasonFlag } from '../../cli/input/reason-flag.ts'
import type { LimitsDocument } from '../../cli/limits/peer-limits.ts'
import { peerArg } from '../../cli/peer/peer-arg.ts'

export default class LimitsReset extends BaseCommand {
  static override summary = 'Let a peer come again at once that has come too often.'
  static override description =
    'The running listener forgets the attempts and the wrong secrets of this peer. The limits of its address and of everybody together stay as they are.'

  static override examples = [
    '<%= config.bin %> limits reset c6iDEp',
    '<%= config.bin %> limits reset c6iDEp --reason "was trying out the printer"',
  ]

  static override args = peerArg

  static override flags = reasonFlag

  override async run(): Promise<LimitsDocument> {
    const { args, flags } = await this.parse(LimitsReset)
    const { limitsText, resetLimits } = await import('../../cli/limits/peer-limits.ts')
    const { widthOfTerminal } = await import('../../cli/text/table.ts')
    const limits = await resetLimits(this.locations(flags), args.peer, flags.reason)
    this.show(() => limitsText(limits, widthOfTerminal(process.stdout)))
    return limits
  }
}

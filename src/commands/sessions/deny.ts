import { Args, Flags } from '@oclif/core'
import { BaseCommand } from '../../cli/base-command.ts'
import type { DecidedDocument } from '../../cli/sessions/decide-request.ts'

export default class SessionsDeny extends BaseCommand {
  static override summary = 'Say no to who waits at an invitation with --approve.'
  static override description =
    'Final for that peer at that invitation. A yes that its peer has not come for yet is taken back. To take nothing at all from a peer, see `peer deny`.'

  static override examples = [
    '<%= config.bin %> sessions deny k4b2',
    '<%= config.bin %> sessions deny k4b2 --reason "I don’t know you"',
  ]

  static override args = {
    id: Args.string({ description: 'The request; the beginning is enough.', required: true }),
  }

  static override flags = {
    reason: Flags.string({
      description: 'Why: told to the peer, and in the audit.',
      env: 'TALEUS_REASON',
      helpValue: 'TEXT',
    }),
  }

  override async run(): Promise<DecidedDocument> {
    const { args, flags } = await this.parse(SessionsDeny)
    const { decidedText, denyRequest } = await import('../../cli/sessions/decide-request.ts')
    const { timeStyleOf } = await import('../../cli/text/time-text.ts')
    const locations = this.locations(flags)
    const decided = await denyRequest(locations, args.id, flags.reason)
    this.show(() => decidedText(decided, timeStyleOf(process.stdout)))
    return decided
  }
}

import { Args } from '@oclif/core'
import { BaseCommand } from '../../cli/base-command.ts'
import { reasonFlag } from '../../cli/input/reason-flag.ts'
import type { DecidedDocument } from '../../cli/sessions/decide-request.ts'

export default class SessionsApprove extends BaseCommand {
  static override summary = 'Say yes to who waits at an invitation with --approve.'
  static override description =
    'Takes a use for that request, and holds it: its peer goes on with it when it asks again, with just what `sessions pending` shows of it. Works beside a running listener, and without one.'

  static override examples = [
    '<%= config.bin %> sessions approve k4b2',
    '<%= config.bin %> sessions approve k4b2nd7q6hwzt3ya --json',
  ]

  static override args = {
    id: Args.string({ description: 'The request; the beginning is enough.', required: true }),
  }

  static override flags = reasonFlag

  override async run(): Promise<DecidedDocument> {
    const { args, flags } = await this.parse(SessionsApprove)
    const { approveRequest, decidedText } = await import('../../cli/sessions/decide-request.ts')
    const { timeStyleOf } = await import('../../cli/text/time-text.ts')
    const locations = this.locations(flags)
    const decided = await approveRequest(locations, args.id, flags.reason)
    this.show(() => decidedText(decided, timeStyleOf(process.stdout)))
    return decided
  }
}

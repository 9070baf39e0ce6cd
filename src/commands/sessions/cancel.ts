import { Args } from '@oclif/core'
import { BaseCommand } from '../../cli/base-command.ts'
import { reasonFlag } from '../../cli/input/reason-flag.ts'
import type { CancelDocument } from '../../cli/sessions/cancel-session.ts'

export default class SessionsCancel extends BaseCommand {
  static override summary = 'End a session, or give back the use that it still holds.'
  static override description =
    'Ends a session that is under way in the running listener; of one that is over, gives back a use that is still reserved. What is committed stays with its peer. The command is recorded in the audit.'

  static override examples = [
    '<%= config.bin %> sessions cancel k4b2',
    '<%= config.bin %> sessions cancel k4b2nd7q6hwzt3ya --json',
  ]

  static override args = {
    id: Args.string({ description: 'The session; the beginning is enough.', required: true }),
  }

  static override flags = reasonFlag

  override async run(): Promise<CancelDocument> {
    const { args, flags } = await this.parse(SessionsCancel)
    const { cancelSession, cancelText } = await import('../../cli/sessions/cancel-session.ts')
    const document = await cancelSession(this.locations(flags), args.id, flags.reason)
    this.show(() => cancelText(document))
    return document
  }
}

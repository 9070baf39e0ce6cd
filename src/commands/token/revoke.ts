import { BaseCommand } from '../../cli/base-command.ts'
import { idArg } from '../../cli/input/id-arg.ts'
import { reasonFlag } from '../../cli/input/reason-flag.ts'
import type { RevokedDocument } from '../../cli/token/revoke-token.ts'

export default class TokenRevoke extends BaseCommand {
  static override summary = 'Take an invitation back.'
  static override description =
    'Nobody new can use it. Tallies that it led to stay, and what is under way may end in one.'

  static override examples = [
    '<%= config.bin %> token revoke k3v7',
    '<%= config.bin %> token revoke k3v7 --reason "lost the phone with the link"',
  ]

  static override args = idArg

  static override flags = reasonFlag

  override async run(): Promise<RevokedDocument> {
    const { args, flags } = await this.parse(TokenRevoke)
    const { revokedText, revokeToken } = await import('../../cli/token/revoke-token.ts')
    const revoked = await revokeToken(this.locations(flags), args.id, flags.reason)
    this.show(() => revokedText(revoked))
    return revoked
  }
}

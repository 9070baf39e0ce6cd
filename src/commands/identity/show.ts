import { BaseCommand } from '../../cli/base-command.ts'
import type { Identity } from '../../cli/config/identity.ts'

export default class IdentityShow extends BaseCommand {
  static override summary = 'Show this party’s id and what it may disclose.'
  static override description =
    'The peer id is who this party is to others. The key behind it is made if there is none, which is told.'

  static override examples = [
    '<%= config.bin %> identity show',
    '<%= config.bin %> identity show --json',
    '<%= config.bin %> identity show --data-dir ~/shop',
  ]

  override async run(): Promise<Identity> {
    const { flags } = await this.parse(IdentityShow)
    const { identityText, showIdentity } = await import('../../cli/config/identity.ts')
    const identity = await showIdentity(this.locations(flags), this.output)
    this.show(() => identityText(identity))
    return identity
  }
}

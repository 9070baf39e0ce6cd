import { Args, Flags } from '@oclif/core'
import { BaseCommand } from '../../cli/base-command.ts'
import type { Identity } from '../../cli/config/identity.ts'
import { reasonFlag } from '../../cli/input/reason-flag.ts'

export default class IdentitySet extends BaseCommand {
  static override summary = 'Set what this party may disclose about itself.'
  static override description =
    'Nothing is disclosed by setting it: each invitation says what it requires, and you are asked. An empty value takes a field away. The cadre is the addresses of the nodes that hold your half of a tally: a partner is told them, as an invitee with its yes, as an inviter once it has approved, and finds you there. They stand in the draft of each new tally; no link has them.'

  static override examples = [
    '<%= config.bin %> identity set name=Alice email=alice@example.org',
    '<%= config.bin %> identity set "name=Alice’s bicycle shop"',
    '<%= config.bin %> identity set email=',
    '<%= config.bin %> identity set --cadre /dns4/tally.example.org/tcp/4710',
  ]

  static override args = {
    fields: Args.string({
      description: 'Fields as name=value; name= takes the field away.',
      ignoreStdin: true,
      multiple: true,
    }),
  }

  static override flags = {
    cadre: Flags.string({
      description: 'Multiaddr of a node of yours, in place of those before; up to 16.',
      exclusive: ['no-cadre'],
      helpValue: 'MULTIADDR',
      multiple: true,
      multipleNonGreedy: true,
    }),
    'no-cadre': Flags.boolean({ description: 'Nominate no node any more.' }),
    ...reasonFlag,
  }

  override async run(): Promise<Identity> {
    const { args, flags } = await this.parse(IdentitySet)
    const { identityText, setIdentity } = await import('../../cli/config/identity.ts')
    const locations = this.locations(flags)
    const cadre = flags['no-cadre'] ? [] : flags.cadre
    const changes = { fields: args.fields ?? [], cadre }
    const identity = await setIdentity(locations, changes, this.output, flags.reason)
    this.show(() => identityText(identity))
    return identity
  }
}

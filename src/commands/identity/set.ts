import { Args } from '@oclif/core'
import { BaseCommand } from '../../cli/base-command.ts'
import type { Identity } from '../../cli/config/identity.ts'
import { reasonFlag } from '../../cli/input/reason-flag.ts'

export default class IdentitySet extends BaseCommand {
  static override summary = 'Set what this party may disclose about itself.'
  static override description =
    'Nothing is disclosed by setting it: each invitation says what it requires, and you are asked. An empty value takes a field away.'

  static override examples = [
    '<%= config.bin %> identity set name=Alice email=alice@example.org',
    '<%= config.bin %> identity set "name=Alice’s bicycle shop"',
    '<%= config.bin %> identity set email=',
  ]

  static override args = {
    fields: Args.string({
      description: 'Fields as name=value; name= takes the field away.',
      ignoreStdin: true,
      multiple: true,
      required: true,
    }),
  }

  static override flags = reasonFlag

  override async run(): Promise<Identity> {
    const { args, flags } = await this.parse(IdentitySet)
    const { identityText, setIdentity } = await import('../../cli/config/identity.ts')
    const locations = this.locations(flags['data-dir'])
    const identity = await setIdentity(locations, args.fields, this.output, flags.reason)
    this.show(() => identityText(identity))
    return identity
  }
}

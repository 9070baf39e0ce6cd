import { Flags } from '@oclif/core'
import { BaseCommand } from '../../cli/base-command.ts'
import { idArg } from '../../cli/input/id-arg.ts'
import type { TallyConnection } from '../../cli/tally/connect-tally.ts'

export default class TallyConnect extends BaseCommand {
  static override summary = 'Say how to open a tally that lives in PostgreSQL.'
  static override description =
    'Writes the address of its database as psql takes it, for this side’s own role, without the password. With --reveal it writes a line for ~/.pgpass instead, where psql finds the password.'

  static override examples = [
    'psql "$(<%= config.bin %> tally connect mf3w)"',
    '<%= config.bin %> tally connect mf3w --reveal >> ~/.pgpass',
  ]

  static override args = idArg

  static override flags = {
    reveal: Flags.boolean({ description: 'Write the password, too.' }),
  }

  override async run(): Promise<TallyConnection> {
    const { args, flags } = await this.parse(TallyConnect)
    const { connectionText, connectTally } = await import('../../cli/tally/connect-tally.ts')
    const { reveal } = flags
    const connection = await connectTally(this.locations(flags), args.id, reveal)
    if (reveal) this.warn('What follows is a password: whoever has it writes as you.')
    this.show(() => connectionText(connection))
    return connection
  }
}

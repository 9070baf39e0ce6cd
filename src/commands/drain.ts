import { Flags } from '@oclif/core'
import { BaseCommand } from '../cli/base-command.ts'
import { reasonFlag } from '../cli/input/reason-flag.ts'
import type { DrainDocument } from '../cli/service/drain.ts'

export default class Drain extends BaseCommand {
  static override summary = 'Stop the running listener in good order.'
  static override description =
    'It refuses what is new, lets sessions finish, parks the rest for their peers, and ends; this command waits for that. Without a running listener there is nothing to do.'

  static override examples = [
    '<%= config.bin %> drain',
    '<%= config.bin %> drain --drain-timeout 30s --reason "new disk"',
    '<%= config.bin %> drain --json',
  ]

  static override flags = {
    ...reasonFlag,
    'drain-timeout': Flags.string({
      description: 'For how long sessions may go on, instead of what the listener is set to.',
      env: 'TALEUS_DRAIN_TIMEOUT',
      helpValue: '10s',
    }),
  }

  override async run(): Promise<DrainDocument> {
    const { flags } = await this.parse(Drain)
    const { drainListener, drainText } = await import('../cli/service/drain.ts')
    const options = { timeout: flags['drain-timeout'], reason: flags.reason }
    const document = await drainListener(this.locations(flags), options, this.output)
    this.show(() => drainText(document))
    return document
  }
}

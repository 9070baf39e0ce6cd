import { Flags } from '@oclif/core'
import { BaseCommand } from '../../cli/base-command.ts'
import type { RelayDrainDocument } from '../../cli/relay/drain-relay.ts'

export default class RelayDrain extends BaseCommand {
  static override summary = 'Stop the running relay in good order.'
  static override description =
    'It takes nothing new, lets circuits end, cuts the rest, and ends; this command waits for that. Without a running relay there is nothing to do.'

  static override examples = [
    '<%= config.bin %> relay drain',
    '<%= config.bin %> relay drain --drain-timeout 1m --json',
  ]

  static override flags = {
    'drain-timeout': Flags.string({
      description: 'For how long circuits may go on, instead of what the relay is set to.',
      env: 'TALEUS_RELAY_DRAIN_TIMEOUT',
      helpValue: '10s',
    }),
  }

  override async run(): Promise<RelayDrainDocument> {
    const { flags } = await this.parse(RelayDrain)
    const { drainRunningRelay, relayDrainText } = await import('../../cli/relay/drain-relay.ts')
    const locations = this.locations(flags)
    const document = await drainRunningRelay(locations, flags['drain-timeout'], this.output)
    this.show(() => relayDrainText(document))
    return document
  }
}

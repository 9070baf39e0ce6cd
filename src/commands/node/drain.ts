import { Flags } from '@oclif/core'
import { BaseCommand } from '../../cli/base-command.ts'
import { reasonFlag } from '../../cli/input/reason-flag.ts'
import type { NodeDrainedDocument } from '../../cli/node/node-commands.ts'

export default class NodeDrain extends BaseCommand {
  static override summary = 'Stop this node’s listener, and hand what it has over to another node.'
  static override description =
    'As `taleus drain`; then the other node, which must be at work on the same store, goes on at once with what is parked or owed. Without that it would within seconds.'

  static override examples = ['<%= config.bin %> node drain --to till-2 --reason "new disk"']

  static override flags = {
    ...reasonFlag,
    to: Flags.string({ description: 'Name or id of the other node.', required: true }),
    'drain-timeout': Flags.string({
      description: 'For how long sessions may go on, instead of what the listener is set to.',
      env: 'TALEUS_DRAIN_TIMEOUT',
      helpValue: '10s',
    }),
  }

  override async run(): Promise<NodeDrainedDocument> {
    const { flags } = await this.parse(NodeDrain)
    const { drainTo, drainedToText } = await import('../../cli/node/node-commands.ts')
    const options = { to: flags.to, timeout: flags['drain-timeout'], reason: flags.reason }
    const document = await drainTo(this.locations(flags), options, this.output)
    this.show(() => drainedToText(document))
    return document
  }
}

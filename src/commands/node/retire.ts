import { Args } from '@oclif/core'
import { BaseCommand } from '../../cli/base-command.ts'
import { reasonFlag } from '../../cli/input/reason-flag.ts'
import type { NodeDocument } from '../../cli/node/node-commands.ts'

export default class NodeRetire extends BaseCommand {
  static override summary = 'Renew a node’s certificate no more, and leave it out of new links.'
  static override description =
    'It can speak for this party until its certificate lapses: stop it there, and end its key, if you can reach it.'

  static override examples = ['<%= config.bin %> node retire till-2 --reason "sold the machine"']

  static override args = {
    node: Args.string({ description: 'Its name or id.', ignoreStdin: true, required: true }),
  }

  static override flags = reasonFlag

  override async run(): Promise<NodeDocument> {
    const { args, flags } = await this.parse(NodeRetire)
    const { retire, retiredText } = await import('../../cli/node/node-commands.ts')
    const node = await retire(this.locations(flags), args.node, flags.reason)
    this.show(() => retiredText(node))
    return node
  }
}

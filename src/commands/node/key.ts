import { BaseCommand } from '../../cli/base-command.ts'
import type { NodeKeyDocument } from '../../cli/node/node-commands.ts'

export default class NodeKey extends BaseCommand {
  static override summary = 'Show the id of this node’s own key; make one if there is none.'
  static override description =
    'The first step to a further node of a party, on the node itself, in a data directory of its own. Who has the party’s key certifies that id with `node add`.'

  static override examples = ['<%= config.bin %> node key --data-dir ~/node-b']

  override async run(): Promise<NodeKeyDocument> {
    const { flags } = await this.parse(NodeKey)
    const { nodeKey } = await import('../../cli/node/node-commands.ts')
    const { line } = await import('../../cli/text/screen-text.ts')
    const document = await nodeKey(this.locations(flags))
    this.show(() => line(document.node))
    return document
  }
}

import { BaseCommand } from '../../cli/base-command.ts'
import type { NodeDocument } from '../../cli/node/node-commands.ts'

export default class NodeList extends BaseCommand {
  static override summary = 'List the nodes that this party has certified.'

  static override examples = [
    '<%= config.bin %> node list',
    '<%= config.bin %> node list --json | jq -r ".nodes[].validUntil"',
  ]

  override async run(): Promise<{ readonly nodes: readonly NodeDocument[] }> {
    const { flags } = await this.parse(NodeList)
    const { nodesOf, nodesText } = await import('../../cli/node/node-commands.ts')
    const { widthOfTerminal } = await import('../../cli/text/table.ts')
    const { timeStyleOf } = await import('../../cli/text/time-text.ts')
    const nodes = await nodesOf(this.locations(flags))
    const style = timeStyleOf(process.stdout)
    this.show(() => nodesText(nodes, widthOfTerminal(process.stdout), style))
    return { nodes }
  }
}

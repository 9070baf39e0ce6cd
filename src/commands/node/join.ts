import { Args } from '@oclif/core'
import { BaseCommand } from '../../cli/base-command.ts'
import type { NodeJoinedDocument } from '../../cli/node/node-commands.ts'

export default class NodeJoin extends BaseCommand {
  static override summary = 'Make this data directory that of a node, or renew its certificate.'
  static override description =
    'From then on `taleus listen` with this directory speaks for the party that has signed the certificate. A listener that runs takes a renewed one by itself.'

  static override examples = [
    '<%= config.bin %> node join taleus-node:AYqI4910CfGV…',
    '<%= config.bin %> node join - < till-2.certificate',
  ]

  static override args = {
    certificate: Args.string({
      description: 'As `node add` has printed it; - reads it from standard input.',
      ignoreStdin: true,
      required: true,
    }),
  }

  override async run(): Promise<NodeJoinedDocument> {
    const { args, flags } = await this.parse(NodeJoin)
    const { joinAsNode, joinedText } = await import('../../cli/node/node-commands.ts')
    const { givenText } = await import('../../cli/node/given-text.ts')
    const text = await givenText(args.certificate, process.stdin)
    const document = await joinAsNode(this.locations(flags), text)
    this.show(() => joinedText(document))
    return document
  }
}

import { Args, Flags } from '@oclif/core'
import { BaseCommand } from '../../cli/base-command.ts'
import { reasonFlag } from '../../cli/input/reason-flag.ts'
import type { NodeAddedDocument } from '../../cli/node/node-commands.ts'

export default class NodeAdd extends BaseCommand {
  static override summary = 'Certify that a node speaks for this party, for a while.'
  static override description =
    'Stdout is the certificate, which is no secret: give it to `node join` on the node. It lapses by itself, and is renewed by the same command, half of its time before. New links name the node’s addresses.'

  static override examples = [
    '<%= config.bin %> node add 12D3KooWEyoppNCUx8Yx66oV9fJnriXwCcXwDDUA2kj6vnc6iDEp --name till-2 --valid 2d',
    '<%= config.bin %> node add 12D3KooWEyoppNCUx8Yx66oV9fJnriXwCcXwDDUA2kj6vnc6iDEp --name till-2 | ssh till-2 taleus node join -',
  ]

  static override args = {
    node: Args.string({
      description: 'Its id, as `node key` shows it there.',
      ignoreStdin: true,
      required: true,
    }),
  }

  static override flags = {
    name: Flags.string({
      description: 'A name for people: lower-case letters, digits, hyphens.',
      env: 'TALEUS_NODE_NAME',
      required: true,
    }),
    valid: Flags.string({
      description: 'How long it is good, 14d at most.',
      default: '7d',
      env: 'TALEUS_NODE_VALID',
      helpValue: 'TIME',
    }),
    address: Flags.string({
      description: 'A multiaddr of it for links; again for more. Else those named before.',
      helpValue: 'MULTIADDR',
      multiple: true,
    }),
    again: Flags.boolean({ description: 'Also if it was retired.' }),
    ...reasonFlag,
  }

  override async run(): Promise<NodeAddedDocument> {
    const { args, flags } = await this.parse(NodeAdd)
    const { certifyNode } = await import('../../cli/node/node-commands.ts')
    const { line } = await import('../../cli/text/screen-text.ts')
    const { name, valid, address: addresses, again, reason } = flags
    const options = { peerId: args.node, name, valid, addresses, again, reason }
    const document = await certifyNode(this.locations(flags), options)
    this.show(() => line(document.certificate))
    return document
  }
}

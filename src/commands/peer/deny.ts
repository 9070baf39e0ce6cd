import { Args } from '@oclif/core'
import { BaseCommand } from '../../cli/base-command.ts'
import { reasonFlag } from '../../cli/input/reason-flag.ts'
import type { PeerDocument } from '../../cli/peer/deny-peer.ts'

export default class PeerDeny extends BaseCommand {
  static override summary = 'Take nothing more from a peer.'
  static override description =
    'Each contact of this peer is turned away before it costs anything, whatever it shows, also by a listener that runs. Tallies with it stay and are synced; a session under way ends as it would. The reason stands in `peer list` and in the audit, and is not told to the peer.'

  static override examples = [
    '<%= config.bin %> peer deny 12D3KooWEyoppNCUx8Yx66oV9fJnriXwCcXwDDUA2kj6vnc6iDEp --reason "never pays"',
    '<%= config.bin %> peer deny c6iDEp --json',
  ]

  static override args = {
    peer: Args.string({
      description: 'Its peer id, or enough of one that is known here.',
      ignoreStdin: true,
      required: true,
    }),
  }

  static override flags = reasonFlag

  override async run(): Promise<PeerDocument> {
    const { args, flags } = await this.parse(PeerDeny)
    const { deny, deniedText } = await import('../../cli/peer/deny-peer.ts')
    const peer = await deny(this.locations(flags['data-dir']), args.peer, flags.reason)
    this.show(() => deniedText(peer))
    return peer
  }
}

import { Args } from '@oclif/core'
import { BaseCommand } from '../../cli/base-command.ts'
import { reasonFlag } from '../../cli/input/reason-flag.ts'
import type { PeerDocument } from '../../cli/peer/deny-peer.ts'

export default class PeerAllow extends BaseCommand {
  static override summary = 'Let a denied peer in again.'
  static override description = 'From now on its contacts are answered as anybody’s are.'

  static override examples = [
    '<%= config.bin %> peer allow c6iDEp',
    '<%= config.bin %> peer allow c6iDEp --reason "paid after all"',
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
    const { args, flags } = await this.parse(PeerAllow)
    const { allow, deniedText } = await import('../../cli/peer/deny-peer.ts')
    const peer = await allow(this.locations(flags['data-dir']), args.peer, flags.reason)
    this.show(() => deniedText(peer))
    return peer
  }
}

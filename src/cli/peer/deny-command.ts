import { BaseCommand } from '../base-command.ts'
import { reasonFlag } from '../input/reason-flag.ts'
import type { PeerDocument } from './deny-peer.ts'
import { peerArg } from './peer-arg.ts'

/** A command that denies a peer, or lets it in again. */
export abstract class DenyCommand extends BaseCommand {
  static override args = peerArg
  static override flags = reasonFlag

  protected abstract readonly isDenied: boolean

  override async run(): Promise<PeerDocument> {
    const { args, flags } = await this.parse(DenyCommand)
    const { deniedText, setDenied } = await import('./deny-peer.ts')
    const { peer: typed } = args
    const { reason } = flags
    const { isDenied } = this
    const peer = await setDenied(this.locations(flags), { typed, isDenied, reason })
    this.show(() => deniedText(peer))
    return peer
  }
}

import { BaseCommand } from '../../cli/base-command.ts'
import type { DeniedPeersDocument } from '../../cli/peer/deny-peer.ts'

export default class PeerList extends BaseCommand {
  static override summary = 'List the peers that are denied, the latest first.'

  static override examples = [
    '<%= config.bin %> peer list',
    '<%= config.bin %> peer list --json | jq -r ".peers[].peerId"',
  ]

  override async run(): Promise<DeniedPeersDocument> {
    const { flags } = await this.parse(PeerList)
    const { deniedPeersText, listDenied } = await import('../../cli/peer/deny-peer.ts')
    const { widthOfTerminal } = await import('../../cli/text/table.ts')
    const { timeStyleOf } = await import('../../cli/text/time-text.ts')
    const denied = await listDenied(this.locations(flags))
    const style = timeStyleOf(process.stdout)
    this.show(() => deniedPeersText(denied, widthOfTerminal(process.stdout), style))
    return denied
  }
}

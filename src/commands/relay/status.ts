import { BaseCommand } from '../../cli/base-command.ts'
import type { RelayStatusDocument } from '../../cli/relay/relay-status-document.ts'

export default class RelayStatus extends BaseCommand {
  static override summary = 'How the running relay is, and who has a place there.'
  static override description =
    'Asks the relay of this data directory over its control socket. Without one it says so, and ends with code 6.'

  static override examples = [
    '<%= config.bin %> relay status',
    '<%= config.bin %> relay status --json | jq .circuits',
  ]

  override async run(): Promise<RelayStatusDocument> {
    const { flags } = await this.parse(RelayStatus)
    const { relayStatusDocument, relayStatusText } = await import(
      '../../cli/relay/relay-status-document.ts'
    )
    const { widthOfTerminal } = await import('../../cli/text/table.ts')
    const document = await relayStatusDocument(this.locations(flags))
    this.show(() => relayStatusText(document, widthOfTerminal(process.stdout)))
    return document
  }
}

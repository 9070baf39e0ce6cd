import { BaseCommand } from '../cli/base-command.ts'
import type { StatusDocument } from '../cli/service/status-document.ts'

export default class Status extends BaseCommand {
  static override summary = 'How the running listener is, and what the store holds.'
  static override description =
    'Asks the listener over its control socket: sessions, limits in use, health, addresses; and the store: what is parked, in doubt, archived, and how many bytes each part takes. Without a listener it says so, ends with code 6, and still tells what the store holds.'

  static override examples = ['<%= config.bin %> status', '<%= config.bin %> status --json']

  override async run(): Promise<StatusDocument> {
    const { flags } = await this.parse(Status)
    const { showStatus } = await import('../cli/service/status.ts')
    const { statusText } = await import('../cli/service/status-text.ts')
    const { widthOfTerminal } = await import('../cli/text/table.ts')
    const locations = this.locations(flags)
    const { document, exitCode } = await showStatus(locations, this.hinted)
    this.showHinted(() => statusText(document, widthOfTerminal(process.stdout)))
    process.exitCode = exitCode
    return document
  }
}

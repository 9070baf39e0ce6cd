import { Flags } from '@oclif/core'
import { BaseCommand } from '../../cli/base-command.ts'
import { limitFlag } from '../../cli/input/limit-flag.ts'
import type { PendingDocument } from '../../cli/sessions/pending-requests.ts'

export default class SessionsPending extends BaseCommand {
  static override summary = 'List who waits for your yes or no, the longest first.'
  static override description =
    'At an invitation made with --approve nothing is built or told before you say yes. What is listed was disclosed by whoever shows the link: it is their word. Also listed: those you said yes to, until they have come for it.'

  static override examples = [
    '<%= config.bin %> sessions pending',
    '<%= config.bin %> sessions pending --json | jq -r ".pending[].identity.name"',
  ]

  static override flags = {
    after: Flags.string({
      description: 'Only those that come after this one in the list: the next page.',
      env: 'TALEUS_AFTER',
      helpValue: 'ID',
    }),
    limit: limitFlag('At most so many.'),
  }

  override async run(): Promise<PendingDocument> {
    const { flags } = await this.parse(SessionsPending)
    const { listPending, pendingText } = await import('../../cli/sessions/pending-requests.ts')
    const { widthOfTerminal } = await import('../../cli/text/table.ts')
    const { timeStyleOf } = await import('../../cli/text/time-text.ts')
    const pending = await listPending(this.locations(flags), flags)
    const style = timeStyleOf(process.stdout)
    this.showHinted(() => pendingText(pending, widthOfTerminal(process.stdout), style))
    return pending
  }
}

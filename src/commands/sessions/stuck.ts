import { BaseCommand } from '../../cli/base-command.ts'
import type { StuckDocument } from '../../cli/recovery/stuck.ts'

export default class SessionsStuck extends BaseCommand {
  static override summary = 'List what is owed and could not be done so far.'
  static override description =
    'A database that was built for nobody is removed, and a host with tokens of its own is told of each use; if that fails it is tried again with growing pauses, for as long as it takes, and shown here.'

  static override examples = [
    '<%= config.bin %> sessions stuck',
    '<%= config.bin %> sessions stuck --json | jq -r .stuck[].lastError',
  ]

  override async run(): Promise<StuckDocument> {
    const { flags } = await this.parse(SessionsStuck)
    const { findStuck, stuckText } = await import('../../cli/recovery/stuck.ts')
    const document = await findStuck(this.locations(flags))
    this.show(() => stuckText(document))
    return document
  }
}

import { BaseCommand } from '../../cli/base-command.ts'
import { idArg } from '../../cli/input/id-arg.ts'
import type { ReplayDocument } from '../../cli/sessions/replay-session.ts'

export default class SessionsReplay extends BaseCommand {
  static override summary =
    'Derive a session again from its journal, and compare it with what is stored.'
  static override description =
    'The journal holds each event of a session; the state machine alone makes the state of them. Exit code 11 if that is not what is stored.'

  static override examples = [
    '<%= config.bin %> sessions replay q4hz',
    '<%= config.bin %> sessions replay q4hz --json | jq .differences',
  ]

  static override args = idArg

  override async run(): Promise<ReplayDocument> {
    const { args, flags } = await this.parse(SessionsReplay)
    const { replayStored, replayText } = await import('../../cli/sessions/replay-session.ts')
    const document = await replayStored(this.locations(flags), args.id)
    this.show(() => replayText(document))
    return document
  }
}

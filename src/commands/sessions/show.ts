import { BaseCommand } from '../../cli/base-command.ts'
import { idArg } from '../../cli/input/id-arg.ts'
import type { SessionShown } from '../../cli/sessions/show-session.ts'

export default class SessionsShow extends BaseCommand {
  static override summary = 'Show one session: its way from state to state, and its audit records.'

  static override examples = [
    '<%= config.bin %> sessions show q4hz',
    '<%= config.bin %> sessions show q4hz --json | jq .transitions',
  ]

  static override args = idArg

  override async run(): Promise<SessionShown> {
    const { args, flags } = await this.parse(SessionsShow)
    const { mustVerifySession, sessionText, showSession } = await import(
      '../../cli/sessions/show-session.ts'
    )
    const { layoutOf } = await import('../../cli/sessions/layout.ts')
    const session = await showSession(this.locations(flags), args.id)
    this.show(() => sessionText(session, layoutOf(process.stdout)))
    mustVerifySession(session)
    return session
  }
}

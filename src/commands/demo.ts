import { Flags } from '@oclif/core'
import { BaseCommand } from '../cli/base-command.ts'

export default class Demo extends BaseCommand {
  static override summary = 'See the whole thing work on this computer.'
  static override description =
    'A listener and several invitees with real libp2p, real files in a temporary directory, both roles; then the sessions, and a check that both sides hold the same tallies and every audit trail verifies. Ends by itself; exit code 0 only if all is well.'

  static override examples = [
    '<%= config.bin %> demo',
    '<%= config.bin %> demo --respondents 20 --role foil',
    '<%= config.bin %> demo --json',
  ]

  static override flags = {
    respondents: Flags.integer({
      description: 'Invitees at once.',
      env: 'TALEUS_RESPONDENTS',
      default: 3,
      min: 1,
      max: 100,
      helpValue: 'N',
    }),
    role: Flags.option({ options: ['stock', 'foil'] as const })({
      description: 'What the inviter holds; both, one after the other, if not given.',
      env: 'TALEUS_ROLE',
    }),
  }

  override async run(): Promise<object> {
    const { flags } = await this.parse(Demo)
    const { runDemo } = await import('../cli/demo/run-demo.ts')
    const summary = await runDemo({
      respondents: flags.respondents,
      roles: flags.role === undefined ? ['stock', 'foil'] : [flags.role],
      say: (line) => this.show(line),
    })
    if (!summary.ok) process.exitCode = 1
    return summary
  }
}

import { BaseCommand } from '../../cli/base-command.ts'
import type { ExitCodeShown } from '../../cli/failure/exit-code-help.ts'

export default class HelpExitCodes extends BaseCommand {
  static override summary = 'List the exit codes and what leads to each.'

  static override examples = [
    '<%= config.bin %> help exit-codes',
    '<%= config.bin %> help exit-codes --json',
  ]

  override async run(): Promise<{ exitCodes: readonly ExitCodeShown[] }> {
    await this.parse(HelpExitCodes)
    const { exitCodes, exitCodesText } = await import('../../cli/failure/exit-code-help.ts')
    this.show(() => exitCodesText())
    return { exitCodes: exitCodes() }
  }
}

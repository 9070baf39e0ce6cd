import { BaseCommand } from '../../cli/base-command.ts'
import { idArg } from '../../cli/input/id-arg.ts'
import type { TokenShown } from '../../cli/token/show-token.ts'

export default class TokenShow extends BaseCommand {
  static override summary = 'Show an invitation and its life so far.'
  static override description =
    'The link itself can’t be shown again: its secret is not kept. See `token reissue`.'

  static override examples = [
    '<%= config.bin %> token show k3v7',
    '<%= config.bin %> token show k3v7 --json',
  ]

  static override args = idArg

  override async run(): Promise<TokenShown> {
    const { args, flags } = await this.parse(TokenShow)
    const { showToken, tokenText } = await import('../../cli/token/show-token.ts')
    const { widthOfTerminal } = await import('../../cli/text/table.ts')
    const { brokenPage } = await import('../../cli/text/broken-text.ts')
    const { timeStyleOf } = await import('../../cli/text/time-text.ts')
    const token = await showToken(this.locations(flags), args.id)
    this.show(() => tokenText(token, widthOfTerminal(process.stdout), timeStyleOf(process.stdout)))
    const broken = brokenPage(token.brokenRecords, token)
    if (broken !== undefined) throw broken
    return token
  }
}

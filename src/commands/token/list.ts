import { BaseCommand } from '../../cli/base-command.ts'
import type { TokensDocument } from '../../cli/token/list-tokens.ts'

export default class TokenList extends BaseCommand {
  static override summary = 'List the invitations made here, the newest first.'

  static override examples = [
    '<%= config.bin %> token list',
    '<%= config.bin %> token list --json | jq -r ".tokens[] | select(.status == \\"open\\").id"',
  ]

  override async run(): Promise<TokensDocument> {
    const { flags } = await this.parse(TokenList)
    const { listTokens, tokensText } = await import('../../cli/token/list-tokens.ts')
    const { widthOfTerminal } = await import('../../cli/text/table.ts')
    const { timeStyleOf } = await import('../../cli/text/time-text.ts')
    const tokens = await listTokens(this.locations(flags['data-dir']))
    this.show(tokensText(tokens, widthOfTerminal(process.stdout), timeStyleOf(process.stdout)))
    return tokens
  }
}

import { Flags } from '@oclif/core'
import { BaseCommand } from '../../cli/base-command.ts'
import { limitFlag } from '../../cli/input/limit-flag.ts'
import type { TokensDocument } from '../../cli/token/list-tokens.ts'

export default class TokenList extends BaseCommand {
  static override summary = 'List the invitations made here, the newest first.'

  static override examples = [
    '<%= config.bin %> token list',
    '<%= config.bin %> token list --status open --label lunch',
    '<%= config.bin %> token list --since 30d --limit 1000 --json | jq -r ".tokens[].id"',
  ]

  static override flags = {
    status: Flags.string({
      description: 'Only those that are so now.',
      env: 'TALEUS_STATUS',
      options: ['open', 'paused', 'used', 'expired', 'revoked'],
    }),
    label: Flags.string({
      description: 'Only those with this in their label.',
      env: 'TALEUS_LABEL',
      helpValue: 'TEXT',
    }),
    role: Flags.string({
      description: 'Only those in which your half is this.',
      env: 'TALEUS_ROLE',
      options: ['stock', 'foil'],
    }),
    since: Flags.string({
      description: 'Only made since then: 2h, or 2026-11-21T08:00Z.',
      env: 'TALEUS_SINCE',
      helpValue: 'WHEN',
    }),
    before: Flags.string({
      description: 'Only those that come after this one in the list: the next page.',
      env: 'TALEUS_BEFORE',
      helpValue: 'ID',
    }),
    limit: limitFlag('At most so many.'),
  }

  override async run(): Promise<TokensDocument> {
    const { flags } = await this.parse(TokenList)
    const { listTokens, tokensText } = await import('../../cli/token/list-tokens.ts')
    const { widthOfTerminal } = await import('../../cli/text/table.ts')
    const { timeStyleOf } = await import('../../cli/text/time-text.ts')
    const tokens = await listTokens(this.locations(flags), flags)
    const style = timeStyleOf(process.stdout)
    this.showHinted(() => tokensText(tokens, widthOfTerminal(process.stdout), style))
    return tokens
  }
}

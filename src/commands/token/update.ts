import { Flags } from '@oclif/core'
import { BaseCommand } from '../../cli/base-command.ts'
import { idArg } from '../../cli/input/id-arg.ts'
import { reasonFlag } from '../../cli/input/reason-flag.ts'
import { FILE_FLAG } from '../../cli/paths/meant-path.ts'
import type { UpdatedDocument } from '../../cli/token/update-token.ts'

export default class TokenUpdate extends BaseCommand {
  static override summary = 'Have an invitation offer other terms to those who come later.'
  static override description =
    'The link stays the same. Whoever has a tally of it, or is under way, keeps the terms that were reserved on; whoever has only looked is shown the new ones and asked again. Role, uses and expiry stay: see `token reissue`.'

  static override examples = [
    '<%= config.bin %> token update k3v7 --terms prices.json',
    '<%= config.bin %> token update k3v7 --require name,email --label "till, second floor"',
    '<%= config.bin %> token update k3v7 --no-terms --reason "never meant them"',
  ]

  static override args = idArg

  static override flags = {
    terms: Flags.string({
      ...FILE_FLAG,
      description: 'A file with the new terms, JSON or text.',
      env: 'TALEUS_TERMS',
    }),
    'no-terms': Flags.boolean({ description: 'No terms any more.', env: 'TALEUS_NO_TERMS' }),
    require: Flags.string({
      description: 'What an invitee must disclose from now on; empty for nothing.',
      env: 'TALEUS_REQUIRE',
      helpValue: 'name,email',
    }),
    optional: Flags.string({
      description: 'What an invitee is asked to disclose, and need not; empty for nothing.',
      env: 'TALEUS_OPTIONAL',
      helpValue: 'phone',
    }),
    label: Flags.string({
      description: 'A note to yourself; empty for none.',
      env: 'TALEUS_LABEL',
      helpValue: 'TEXT',
    }),
    ...reasonFlag,
  }

  override async run(): Promise<UpdatedDocument> {
    const { args, flags } = await this.parse(TokenUpdate)
    const { updatedText, updateToken } = await import('../../cli/token/update-token.ts')
    const mayAsk = !flags.quiet && !this.jsonEnabled()
    const locations = this.locations(flags)
    const token = await updateToken(locations, args.id, flags, { output: this.output, mayAsk })
    this.show(() => updatedText(token))
    return token
  }
}

import { Flags } from '@oclif/core'
import { BaseCommand } from '../../cli/base-command.ts'
import { reasonFlag } from '../../cli/input/reason-flag.ts'
import { legacyLinkFlag, linkFlags } from '../../cli/link/link-flags.ts'
import { FILE_FLAG } from '../../cli/paths/meant-path.ts'
import type { NewLinkDocument } from '../../cli/token/new-link.ts'

export default class TokenCreate extends BaseCommand {
  static override summary = 'Make an invitation: a link, and its QR code.'
  static override description =
    'Stdout is the link and nothing else. Whoever has it can use it, once unless told otherwise.'

  static override examples = [
    '<%= config.bin %> token create --role stock --expires 1d --label "bike, lunch Tuesday"',
    '<%= config.bin %> token create --unlimited --expires 52w --require name --qr-file till.png',
    '<%= config.bin %> token create --page invitation.html',
    'L=$(<%= config.bin %> token create)',
  ]

  static override flags = {
    role: Flags.string({
      description: 'Your half: stock is normally owed, foil normally owes. [default: stock]',
      env: 'TALEUS_ROLE',
      options: ['stock', 'foil'],
    }),
    uses: Flags.integer({
      description: 'How many tallies may come of it. [default: 1]',
      env: 'TALEUS_USES',
      helpValue: 'N',
      min: 1,
      max: 1_000_000,
    }),
    unlimited: Flags.boolean({
      description: 'A standing invitation, until it expires.',
      env: 'TALEUS_UNLIMITED',
    }),
    label: Flags.string({
      description: 'A note to yourself; nobody else sees it.',
      env: 'TALEUS_LABEL',
      helpValue: 'TEXT',
    }),
    require: Flags.string({
      description: 'What an invitee must disclose; x-… for fields of your own. [default: nothing]',
      env: 'TALEUS_REQUIRE',
      helpValue: 'name,email',
    }),
    optional: Flags.string({
      description: 'What an invitee is asked to disclose, and need not. [default: nothing]',
      env: 'TALEUS_OPTIONAL',
      helpValue: 'phone',
    }),
    terms: Flags.string({
      ...FILE_FLAG,
      description: 'A file with terms, JSON or text, that an invitee sees and the draft holds.',
      env: 'TALEUS_TERMS',
    }),
    approve: Flags.boolean({ allowNo: true, description: 'Ask you first. [default: the setting]' }),
    like: Flags.string({
      description: 'Take over what is not said here from this invitation.',
      env: 'TALEUS_LIKE',
      helpValue: 'ID',
    }),
    ...legacyLinkFlag,
    ...linkFlags,
    ...reasonFlag,
  }

  override async run(): Promise<NewLinkDocument> {
    const { flags } = await this.parse(TokenCreate)
    const { 'qr-file': qrFile, qr, ...options } = flags
    const { createToken } = await import('../../cli/token/create-token.ts')
    const { wantsQr } = await import('../../cli/token/hand-out.ts')
    const isSilent = flags.quiet || this.jsonEnabled()
    return await createToken(
      this.locations(flags),
      { ...options, qrFile, qr: wantsQr(qr, isSilent), mayAsk: !isSilent },
      this.output,
    )
  }
}

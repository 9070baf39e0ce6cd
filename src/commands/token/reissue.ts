import { BaseCommand } from '../../cli/base-command.ts'
import { idArg } from '../../cli/input/id-arg.ts'
import { reasonFlag } from '../../cli/input/reason-flag.ts'
import { linkFlags } from '../../cli/link/link-flags.ts'
import type { ReissueDocument } from '../../cli/token/reissue-token.ts'

export default class TokenReissue extends BaseCommand {
  static override summary = 'Replace an invitation by one with a new secret.'
  static override description =
    'The old link is revoked. The new one grants what is left of it, until the same time; if that is over, for as long again.'

  static override examples = [
    '<%= config.bin %> token reissue k3v7',
    '<%= config.bin %> token reissue k3v7 --expires 1d --qr-file till.png',
  ]

  static override args = idArg

  static override flags = { ...linkFlags, ...reasonFlag }

  override async run(): Promise<ReissueDocument> {
    const { args, flags } = await this.parse(TokenReissue)
    const { 'qr-file': qrFile, qr, ...options } = flags
    const { reissueToken } = await import('../../cli/token/reissue-token.ts')
    const { wantsQr } = await import('../../cli/token/hand-out.ts')
    const isSilent = flags.quiet || this.jsonEnabled()
    return await reissueToken(
      this.locations(flags),
      { ...options, ...args, qrFile, qr: wantsQr(qr, isSilent), mayAsk: !isSilent },
      this.output,
    )
  }
}

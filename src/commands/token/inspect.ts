import { Args, Flags } from '@oclif/core'
import { BaseCommand } from '../../cli/base-command.ts'
import { FILE_FLAG } from '../../cli/paths/meant-path.ts'
import type { InspectedDocument } from '../../cli/token/inspect-link.ts'

export default class TokenInspect extends BaseCommand {
  static override summary = 'Tell what a link says, without asking anybody.'
  static override description =
    'Works offline and on expired links, uses nothing up, and never shows the secret.'

  static override examples = [
    '<%= config.bin %> token inspect',
    'pbpaste | <%= config.bin %> token inspect -',
    '<%= config.bin %> token inspect --qr-image photo.jpg --json',
  ]

  static override args = {
    link: Args.string({
      description: 'The link, or - for standard input. Without any, a terminal is asked for it.',
      ignoreStdin: true,
    }),
  }

  static override flags = {
    'link-file': Flags.string({
      ...FILE_FLAG,
      description: 'Read the link from this file.',
      env: 'TALEUS_LINK_FILE',
    }),
    'qr-image': Flags.string({
      ...FILE_FLAG,
      description: 'Read the link’s QR code from this PNG or JPEG.',
      env: 'TALEUS_QR_IMAGE',
    }),
  }

  override async run(): Promise<InspectedDocument> {
    const { args, flags } = await this.parse(TokenInspect)
    const { inspectedText, inspectLink } = await import('../../cli/token/inspect-link.ts')
    const { widthOfTerminal } = await import('../../cli/text/table.ts')
    const { timeStyleOf } = await import('../../cli/text/time-text.ts')
    const { 'link-file': linkFile, 'qr-image': qrImage } = flags
    const link = await inspectLink({ argument: args.link, linkFile, qrImage }, process.stdin)
    this.show(() =>
      inspectedText(link, widthOfTerminal(process.stdout), timeStyleOf(process.stdout)),
    )
    return link
  }
}

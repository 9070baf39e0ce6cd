import { Args } from '@oclif/core'
import { BaseCommand } from '../cli/base-command.ts'
import { bootstrapFlags } from '../cli/bootstrap/bootstrap-flags.ts'
import { line, type ScreenText } from '../cli/text/screen-text.ts'

export default class Bootstrap extends BaseCommand {
  static override summary = 'Redeem an invitation.'
  static override description =
    'Shows who invites, on what terms, and what would be disclosed; asks; then sets up the tally with the inviter. Without a link it asks for it on a terminal, and what is pasted stands in no process list and no history. Running it again on the same link goes on where it was left, and never makes a second tally.'

  static override examples = [
    '<%= config.bin %> bootstrap',
    '<%= config.bin %> bootstrap --scan',
    '<%= config.bin %> bootstrap --qr-image photo.jpg --disclose email=bob@example.org',
    'xclip -o | <%= config.bin %> bootstrap - --yes --json',
    '<%= config.bin %> bootstrap --link-file invitation.txt --yes --wait 1h',
    '<%= config.bin %> bootstrap --link-file invitation.txt --decline --reason "not now"',
  ]

  static override args = {
    link: Args.string({
      description:
        'The link, or an older one’s .json file; - reads it from standard input. Others on this computer may see an argument.',
      ignoreStdin: true,
    }),
  }

  static override flags = bootstrapFlags

  override async run(): Promise<object> {
    const { args, flags } = await this.parse(Bootstrap)
    const { runBootstrap } = await import('../cli/bootstrap/run-bootstrap.ts')
    const show = (text: ScreenText) => this.showAside(text, true)
    const { text, document } = await runBootstrap({
      locations: this.locations(flags),
      source: {
        argument: args.link,
        linkFile: flags['link-file'],
        qrImage: flags['qr-image'],
        scan: flags.scan ? { open: flags.open, show } : undefined,
      },
      inviter: flags.inviter,
      disclose: flags.disclose ?? [],
      timeout: flags.timeout,
      wait: flags.wait,
      database: flags.database,
      yes: flags.yes,
      another: flags.another,
      cadre: !flags['no-cadre'],
      dryRun: flags['dry-run'],
      decline: flags.decline,
      reason: flags.reason,
      compare: flags.compare,
      warn: (line) => void this.warn(line),
      // A person who is asked must see the offer, also under --quiet.
      note: (text) => this.showAside(line(this.hinted(text)), !flags.yes),
      isSilent: flags.quiet || this.jsonEnabled(),
      show: (text) => this.showAside(text, !flags.yes),
      newParty: (party) => this.tellNewParty(party),
    })
    this.showHinted(text)
    return document
  }
}

import { BaseCommand } from '../cli/base-command.ts'
import { OUT_FLAGS } from '../cli/output/out-flags.ts'

export default class PageCommand extends BaseCommand {
  static override summary = 'Write the page that links of the https form lead to.'
  static override description =
    'One file for a host of your own, the same for every link: it reads what is behind the # in the browser, and asks nobody. Links that lead there are made by `token create --base-url`.'

  static override examples = [
    '<%= config.bin %> page --out index.html',
    '<%= config.bin %> config set base-url https://example.org/t',
  ]

  static override flags = { ...OUT_FLAGS }

  override async run(): Promise<object> {
    const { flags } = await this.parse(PageCommand)
    const { writeWebPage } = await import('../cli/page/write-web-page.ts')
    return await writeWebPage(flags, this.jsonEnabled())
  }
}

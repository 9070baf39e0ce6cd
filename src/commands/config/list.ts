import { BaseCommand } from '../../cli/base-command.ts'
import type { SettingsShown } from '../../cli/config/config.ts'

export default class ConfigList extends BaseCommand {
  static override summary = 'List every setting, its value and where that comes from.'
  static override description =
    'A flag counts before the environment, the environment before the file, the file before the default. What a running listener goes by is in `status`.'

  static override examples = [
    '<%= config.bin %> config list',
    '<%= config.bin %> config list --json',
  ]

  override async run(): Promise<SettingsShown> {
    const { flags } = await this.parse(ConfigList)
    const { listSettings, settingsText } = await import('../../cli/config/config.ts')
    const { widthOfTerminal } = await import('../../cli/text/table.ts')
    const settings = await listSettings(this.locations(flags).settingsDirectory)
    this.show(() => settingsText(settings, widthOfTerminal(process.stdout)))
    return settings
  }
}

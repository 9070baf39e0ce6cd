import { Args } from '@oclif/core'
import { BaseCommand } from '../../cli/base-command.ts'
import type { SettingShown } from '../../cli/config/config.ts'

export default class ConfigGet extends BaseCommand {
  static override summary = 'Print the value of one setting.'

  static override examples = [
    '<%= config.bin %> config get step-timeout',
    '<%= config.bin %> config get listen --json',
  ]

  static override args = {
    setting: Args.string({
      description: 'Its name, see `config list`.',
      ignoreStdin: true,
      required: true,
    }),
  }

  override async run(): Promise<SettingShown> {
    const { args, flags } = await this.parse(ConfigGet)
    const { getSetting, settingText } = await import('../../cli/config/config.ts')
    const { settingsDirectory } = this.locations(flags)
    const setting = await getSetting(settingsDirectory, args.setting)
    this.show(() => settingText(setting))
    return setting
  }
}

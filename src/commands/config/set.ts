import { Args } from '@oclif/core'
import { BaseCommand } from '../../cli/base-command.ts'
import type { SettingSet } from '../../cli/config/config.ts'
import { reasonFlag } from '../../cli/input/reason-flag.ts'

export default class ConfigSet extends BaseCommand {
  static override summary = 'Change a setting, also of a running listener.'
  static override description =
    'Without a value the setting goes back to its default. A running listener takes limits and timeouts up at once; sessions under way keep their deadlines. Every change is recorded in the audit.'

  static override examples = [
    '<%= config.bin %> config set step-timeout 10s',
    '<%= config.bin %> config set listen /ip4/0.0.0.0/tcp/4710 /ip4/0.0.0.0/tcp/4711/ws',
    '<%= config.bin %> config set step-timeout',
  ]

  static override args = {
    setting: Args.string({
      description: 'Its name, see `config list`.',
      ignoreStdin: true,
      required: true,
    }),
    values: Args.string({
      description: 'Its value; several for a list.',
      ignoreStdin: true,
      multiple: true,
    }),
  }

  static override flags = reasonFlag

  override async run(): Promise<SettingSet> {
    const { args, flags } = await this.parse(ConfigSet)
    const { setSetting, settingText } = await import('../../cli/config/config.ts')
    const { takeText } = await import('../../cli/config/tell-listener.ts')
    const locations = this.locations(flags)
    const setting = await setSetting(locations, args.setting, args.values ?? [], flags.reason)
    this.show(() => settingText(setting))
    const taken = takeText(setting.listener)
    if (taken !== undefined) this.note(taken)
    return setting
  }
}

import { Args, Flags, loadHelpClass } from '@oclif/core'
import { BaseCommand } from '../../cli/base-command.ts'

export default class Help extends BaseCommand {
  static override summary = 'Explain the commands, one command, or the exit codes.'

  static override examples = [
    '<%= config.bin %> help',
    '<%= config.bin %> help token create',
    '<%= config.bin %> help exit-codes',
  ]

  static override args = {
    command: Args.string({
      description: 'The command to explain.',
      ignoreStdin: true,
      multiple: true,
    }),
  }

  static override flags = {
    'nested-commands': Flags.boolean({ char: 'n', description: 'List all nested commands too.' }),
  }

  override async run(): Promise<void> {
    const { args, flags } = await this.parse(Help)
    const HelpClass = await loadHelpClass(this.config)
    const help = new HelpClass(this.config, { all: flags['nested-commands'] })
    await help.showHelp([...(args.command ?? []), ...(this.jsonEnabled() ? ['--json'] : [])])
  }
}

import { Errors, Help } from '@oclif/core'
import { exitUnheard, exitWithError } from './failure/exit-with-error.ts'
import { unknownCommand } from './failure/unknown-command.ts'

/** oclif's help, but what it does not find ends as every unknown command does, and shows no link. */
export class TaleusHelp extends Help {
  override async showHelp(argv: string[]): Promise<void> {
    process.stdout.prependListener('error', (error: NodeJS.ErrnoException) => {
      if (error.code === 'EPIPE') process.exit(0)
      exitUnheard(error)
    })
    try {
      await super.showHelp(argv)
    } catch (error) {
      if (!(error instanceof Errors.CLIError)) throw error
      const words = argv.filter((word) => word !== 'help' && !word.startsWith('-'))
      exitWithError(unknownCommand(words.join(':'), this.config.commandIDs), argv)
    }
  }

  override formatRoot(): string {
    return `${super.formatRoot()}\n\nExit codes: \`${this.config.bin} help exit-codes\``
  }
}

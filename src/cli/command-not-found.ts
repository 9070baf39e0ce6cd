import type { Hook } from '@oclif/core'
import { reportOf } from './error-report.ts'
import { UnknownCommandError } from './unknown-command-error.ts'
import { wants } from './wishes.ts'

/**
 * What happens when no command has that name: a sentence, the nearest name, exit 127. Nothing is run
 * instead and nothing is asked, on a terminal either: a tool that holds keys does what it was told.
 */
export const commandNotFound: Hook.CommandNotFound = async ({ argv = [], config, id }) => {
  const known = config.commands.filter((command) => !command.hidden).map((command) => command.id)
  const report = reportOf(new UnknownCommandError(id, known))
  const asked = [id, ...argv]
  if (wants('json', asked, process.env)) {
    process.stdout.write(`${JSON.stringify({ error: report }, null, 2)}\n`)
  } else {
    process.stderr.write(`Error: ${report.message}\n${report.nextStep}\n`)
  }
  process.exit(report.exitCode)
}

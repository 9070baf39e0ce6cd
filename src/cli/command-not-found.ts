import type { Hook } from '@oclif/core'
import { exitWithError } from './failure/exit-with-error.ts'
import { unknownCommand } from './failure/unknown-command.ts'

/**
 * Ends a command line that names no command: with a sentence, the nearest name, exit 127. Nothing is run instead and
 * nothing is asked, on a terminal either: a tool that holds keys does what it was told.
 */
export const commandNotFound: Hook.CommandNotFound = async ({ argv = [], config, id }) => {
  exitWithError(unknownCommand(id, config.commandIDs), [id, ...argv])
}

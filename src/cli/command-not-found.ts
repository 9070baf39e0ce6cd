import type { Hook } from '@oclif/core'
import { fail } from './failure/fail.ts'
import { unknownCommand } from './failure/unknown-command.ts'

/**
 * What happens when no command has that name: a sentence, the nearest name, exit 127. Nothing is run
 * instead and nothing is asked, on a terminal either: a tool that holds keys does what it was told.
 */
export const commandNotFound: Hook.CommandNotFound = async ({ argv = [], config, id }) => {
  fail(unknownCommand(id, config.commandIDs), [id, ...argv])
}

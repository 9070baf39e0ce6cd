import type { Hook } from '@oclif/core'
import { fail } from './fail.ts'
import { UnknownCommandError } from './unknown-command-error.ts'

/**
 * What happens when no command has that name: a sentence, the nearest name, exit 127. Nothing is run
 * instead and nothing is asked, on a terminal either: a tool that holds keys does what it was told.
 */
export const commandNotFound: Hook.CommandNotFound = async ({ argv = [], config, id }) => {
  fail(new UnknownCommandError(id, config.commandIDs), [id, ...argv])
}

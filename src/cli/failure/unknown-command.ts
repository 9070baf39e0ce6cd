import { UnknownCommandError } from '../errors/errors.ts'
import { scrub } from '../text/scrub.ts'
import { nearestOf } from './nearest.ts'

/**
 * The error for words that name no command.
 * @param id what was typed, words joined by `:`
 * @param known ids of all commands
 */
export function unknownCommand(id: string, known: readonly string[]): UnknownCommandError {
  // Words behind a command that takes none look like a longer name to oclif.
  const command = known.find((name) => id.startsWith(`${name}:`))
  if (command === undefined)
    return new UnknownCommandError('unknown_command', sentenceFor(id, known))
  return new UnknownCommandError('usage', `\`taleus ${spaced(command)}\` takes no further words`)
}

function sentenceFor(id: string, known: readonly string[]): string {
  if (/^["'<]*taleus:/i.test(id))
    return 'A link is no command: did you mean `taleus bootstrap LINK`?'
  const nearest = nearestOf(id, known)
  const hint = nearest === undefined ? '' : ` Did you mean \`taleus ${spaced(nearest)}\`?`
  return `There is no command \`${spaced(scrub(id)).slice(0, 60)}\`.${hint}`
}

function spaced(id: string): string {
  return id.replaceAll(':', ' ')
}

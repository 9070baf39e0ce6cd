import { distance } from 'fastest-levenshtein'
import { UnknownCommandError } from '../errors/errors.ts'
import { scrub } from '../text/scrub.ts'

/** Characters that are compared and shown; no name is longer. */
const COMPARED = 60

/**
 * Makes the error for words that name no command.
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
  if (/(?:^["'<]*|#)taleus:/i.test(id))
    return 'A link is no command: did you mean `taleus bootstrap`, which asks for it?'
  const nearest = nearestOf(id, known)
  const hint = nearest === undefined ? '' : ` Did you mean \`taleus ${spaced(nearest)}\`?`
  return `There is no command \`${spaced(scrub(id)).slice(0, COMPARED)}\`.${hint}`
}

/**
 * The name with the fewest changes to what was typed, if that is at most half of it. A name that goes on after what was
 * typed counts as one change.
 */
function nearestOf(typed: string, names: readonly string[]): string | undefined {
  const compared = typed.slice(0, COMPARED)
  let best: { readonly name: string; readonly changes: number } | undefined
  for (const name of names) {
    const changes = name.startsWith(typed) ? 1 : distance(compared, name)
    if (best === undefined || changes < best.changes) best = { name, changes }
  }
  return best !== undefined && best.changes * 2 <= typed.length ? best.name : undefined
}

function spaced(id: string): string {
  return id.replaceAll(':', ' ')
}

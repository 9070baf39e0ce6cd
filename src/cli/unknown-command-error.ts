import { nearestOf } from './nearest.ts'
import { scrub } from './scrub.ts'

/** No command has this name. */
export class UnknownCommandError extends Error {
  override readonly name = 'UnknownCommandError'
  readonly code: 'unknown_command' | 'usage'

  /**
   * @param id what was typed, words joined by `:`
   * @param known ids of all commands
   */
  constructor(id: string, known: readonly string[]) {
    const command = known.find((name) => id.startsWith(`${name}:`))
    super(command === undefined ? sentenceFor(id, known) : tooMuchFor(command))
    // Words behind a command that takes none look like a longer name to oclif.
    this.code = command === undefined ? 'unknown_command' : 'usage'
  }
}

function tooMuchFor(command: string): string {
  return `\`taleus ${spaced(command)}\` takes no further words`
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

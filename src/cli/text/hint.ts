import { shellWord } from '../../protocol/base/shell-word.ts'

/** Completes the commands of ours in a hint, so that they mean what this run meant. */
export type Hinted = (text: string) => string

/** A command of ours in a hint: between backticks, or after a colon at the end of a line. `taleus --help` needs nothing. */
const COMMAND = /`taleus [a-z][^`\n]*(?=`)|(?<=: )taleus [a-z][^`\n]*(?=$)/gm

/**
 * @param directory the data directory that this run was given, if it was: who follows the hint must name it again
 */
export function hintedFor(directory: string | undefined): Hinted {
  if (directory === undefined) return (text) => text
  const flag = ` --data-dir ${shellWord(directory)}`
  return (text) =>
    text.replace(COMMAND, (command) => {
      return command.includes(' --data-dir ') ? command : `${command.trimEnd()}${flag}`
    })
}

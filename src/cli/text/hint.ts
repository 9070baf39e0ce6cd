import { shellWord } from '../../protocol/base/shell-word.ts'

/** Completes the commands of ours in a hint, so that they mean what this run meant. */
export type Hinted = (text: string) => string

/** A command of ours in a hint: between backticks, or after a colon at the end of a line. `taleus --help` needs nothing. */
const COMMAND = /`taleus [a-z][^`\n]*(?=`)|(?<=: )taleus [a-z][^`\n]*(?=$)/gm

/** The flags that this run was given, and that who follows a hint must give again. */
export interface FlagsOfRun {
  readonly dataDirectory?: string | undefined
  readonly store?: string | undefined
}

export function hintedFor({ dataDirectory, store }: FlagsOfRun): Hinted {
  const flags = Object.entries({ '--data-dir': dataDirectory, '--store': store })
  const given = flags.flatMap(([flag, value]) =>
    value === undefined ? [] : [{ flag, words: ` ${flag} ${shellWord(value)}` }],
  )
  return (text) =>
    text.replace(COMMAND, (command) => {
      const missing = given.filter(
        ({ flag }) => !command.includes(` ${flag} `) && !isOf(flag, command),
      )
      if (missing.length === 0) return command
      return missing.reduce((whole, { words }) => whole + words, command.trimEnd())
    })
}

/** A command that says where the store is is not told so by a flag. */
function isOf(flag: string, command: string): boolean {
  return flag === '--store' && / store\b/.test(command)
}

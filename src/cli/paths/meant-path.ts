import { userInfo } from 'node:os'
import { isAbsolute, join } from 'node:path'
import { UsageError } from '../errors/errors.ts'

/** The part of a flag's definition that makes it one of a file: `~/…` is taken as a person means it. */
export const FILE_FLAG = {
  helpValue: 'FILE',
  parse: async (text: string): Promise<string> => meantPath(text, process.env),
}

/**
 * The path that a person means: `~/…` is below the home directory, also where no shell has replaced it, as in
 * `--data-dir=~/x` or in an environment file.
 * @throws UsageError for an empty text, as a script's unset variable gives, and for what was meant for a shell to replace
 */
export function meantPath(text: string, environment: NodeJS.ProcessEnv): string {
  if (text === '') throw new UsageError('the path is empty')
  const isOfHome = text === '~' || text.startsWith('~/')
  if (isOfHome) return join(homeOf(environment), text.slice(1))
  if (!/^(?:[~$"']|file:)/.test(text)) return text
  throw new UsageError(
    `${text} is no path as it stands: write it out, or ./${text} if it is called so`,
  )
}

/** The user's home directory. @throws UsageError if there is none */
export function homeOf(environment: NodeJS.ProcessEnv): string {
  const named = environment[process.platform === 'win32' ? 'USERPROFILE' : 'HOME']
  const home = [named, registeredHome()].find((path = '') => isAbsolute(path))
  if (home !== undefined) return home
  throw new UsageError('you have no home directory here: name a directory with --data-dir')
}

/** The home directory in the system's list of users. */
function registeredHome(): string | undefined {
  try {
    return userInfo().homedir
  } catch {
    // A container may run as a user that is in no list.
    return undefined
  }
}

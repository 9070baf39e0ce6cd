import { isAbsolute, join, resolve } from 'node:path'
import { homeOf } from './paths/meant-path.ts'

/** The directories of one run of a command. Absolute paths. */
export interface Locations {
  readonly dataDirectory: string
  /** The data directory when one was named, so that two parties on one computer share no settings. */
  readonly settingsDirectory: string
  /** A value of the setting `store` that counts instead. */
  readonly store?: string | undefined
}

/** Our folder in the system's places for an application's data and settings. */
const FOLDER = 'taleus'

/**
 * Decides the directories.
 * @param given `--data-dir` or its environment variable, as `meantPath` returns it
 * @throws UsageError if none is given and the user has no home directory
 */
export function locationsOf(given: string | undefined, environment: NodeJS.ProcessEnv): Locations {
  if (given !== undefined) {
    const directory = resolve(given)
    return { dataDirectory: directory, settingsDirectory: directory }
  }
  return {
    dataDirectory: placeOf('XDG_DATA_HOME', '.local/share', environment),
    settingsDirectory: placeOf('XDG_CONFIG_HOME', '.config', environment),
  }
}

/** A relative path there would be another directory wherever one stands: the XDG specification has it ignored. */
function placeOf(variable: string, fallback: string, environment: NodeJS.ProcessEnv): string {
  const { platform } = process
  const named = [environment[variable], platform === 'win32' ? environment['LOCALAPPDATA'] : '']
  const base = named.find((path = '') => isAbsolute(path))
  return join(base ?? join(homeOf(environment), fallback), FOLDER)
}

import { resolve } from 'node:path'
import { UsageError } from './errors/errors.ts'

/** The directories of one run of a command. Absolute paths. */
export interface Locations {
  readonly dataDirectory: string
  /** The data directory when one was named, so that two parties on one computer share no settings. */
  readonly settingsDirectory: string
}

export interface LocationChoice {
  /** `--data-dir` or its environment variable. */
  readonly given: string | undefined
  /** The system's places for an application's data and settings. */
  readonly dataDir: string
  readonly configDir: string
}

/** Decides the directories. @throws UsageError for an empty name, which a script's unset variable leads to */
export function locationsOf({ given, dataDir, configDir }: LocationChoice): Locations {
  if (given === '') throw new UsageError('--data-dir is empty')
  return {
    dataDirectory: resolve(given ?? dataDir),
    settingsDirectory: resolve(given ?? configDir),
  }
}

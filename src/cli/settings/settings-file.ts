import { lstatSync } from 'node:fs'
import { join } from 'node:path'
import { SettingsFileError } from '../errors/errors.ts'
import { type IdentityFields, identityProblem } from './identity-fields.ts'
import { acceptsSetting, formatBounds } from './setting-values.ts'
import { isSettingKey, type SettingKey, type SettingValue } from './settings-table.ts'

/** The settings file as it is kept: durations in ms, and what may be disclosed under `identity`. */
export type StoredSettings = Readonly<
  Partial<Record<SettingKey, SettingValue>> & { identity?: IdentityFields }
>

/** The file's name without `.json`, in the directory of the settings. */
export const SETTINGS_FILE = 'settings'

export function settingsFileIn(directory: string): string {
  return join(directory, `${SETTINGS_FILE}.json`)
}

/**
 * Reads the settings from a file's text.
 * @throws SyntaxError that names the first setting that can't be and says what it takes
 */
export function parseSettingsFile(text: string): StoredSettings {
  const stored: unknown = JSON.parse(text)
  assertSettings(stored)
  return { ...stored }
}

// By hand and not by zod, whose 90 modules would take a fifth of a cold command's time.
function assertSettings(stored: unknown): asserts stored is StoredSettings {
  if (typeof stored !== 'object' || stored === null || Array.isArray(stored)) {
    throw new SyntaxError('the settings must be one JSON object')
  }
  for (const [key, value] of Object.entries(stored)) {
    const problem = problemOf(key, value)
    if (problem !== undefined) throw new SyntaxError(problem)
  }
}

function problemOf(key: string, value: unknown): string | undefined {
  if (key === 'identity') return identityProblem(value)
  if (!isSettingKey(key)) return `there is no setting ${JSON.stringify(key.slice(0, 60))}`
  return acceptsSetting(key, value) ? undefined : `${key} takes ${formatBounds(key)}`
}

/**
 * Settings say which addresses and limits count: nobody else may write them. A file that is not there is fine.
 * @throws SettingsFileError
 */
export function checkOwnFile(path: string): void {
  const stats = lstatSync(path, { throwIfNoEntry: false })
  if (stats === undefined) return
  if (!stats.isFile())
    throw new SettingsFileError('must be a file, not a link or directory', { path })
  const user = process.getuid?.()
  if (user === undefined) return
  if (stats.uid !== user) throw new SettingsFileError('belongs to another user', { path })
  if ((stats.mode & 0o022) !== 0)
    throw new SettingsFileError('others may write it: chmod 600', { path })
}

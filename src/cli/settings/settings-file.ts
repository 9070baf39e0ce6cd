import { lstatSync } from 'node:fs'
import { join } from 'node:path'
import { z } from 'zod/mini'
import { SettingsFileError } from '../errors/errors.ts'
import { type IdentityFields, identityProblem } from './identity-fields.ts'
import { formatBounds, schemaOf } from './setting-values.ts'
import { isSettingKey, SETTING_KEYS, type SettingKey, type SettingValue } from './settings-table.ts'

/** The settings file as it is kept: durations in ms, and what may be disclosed under `identity`. */
export type StoredSettings = Readonly<
  Partial<Record<SettingKey, SettingValue>> & { identity?: IdentityFields }
>

/** The file's name without `.json`, in the directory of the settings. */
export const SETTINGS_FILE = 'settings'

export function settingsFileIn(directory: string): string {
  return join(directory, `${SETTINGS_FILE}.json`)
}

/** Everything that may stand in the file, each setting as the table defines it. */
const FILE = z.strictObject({
  ...Object.fromEntries(SETTING_KEYS.map((key) => [key, z.optional(schemaOf(key))])),
  identity: z.optional(z.custom((stored) => identityProblem(stored) === undefined)),
})

/**
 * Reads the settings from a file's text.
 * @throws SyntaxError that names the first setting that can't be and says what it takes
 */
export function parseSettingsFile(text: string): StoredSettings {
  const stored: unknown = JSON.parse(text)
  assertSettings(stored)
  // Not what the schema makes of it: the file keeps its order.
  return { ...stored }
}

function assertSettings(stored: unknown): asserts stored is StoredSettings {
  const { error } = z.safeParse(FILE, stored)
  if (error === undefined) return
  if (typeof stored !== 'object' || stored === null || Array.isArray(stored)) {
    throw new SyntaxError('the settings must be one JSON object')
  }
  const wrong = error.issues.flatMap((issue) =>
    issue.code === 'unrecognized_keys' ? issue.keys : issue.path.slice(0, 1),
  )
  const [key = '', value] = Object.entries(stored).find(([name]) => wrong.includes(name)) ?? []
  throw new SyntaxError(problemOf(key, value))
}

function problemOf(key: string, value: unknown): string {
  if (isSettingKey(key)) return `${key} takes ${formatBounds(key)}`
  const identity = key === 'identity' ? identityProblem(value) : undefined
  return identity ?? `there is no setting ${JSON.stringify(key.slice(0, 60))}`
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

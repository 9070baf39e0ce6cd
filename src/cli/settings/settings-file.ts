import { closeSync, constants, fstatSync, openSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { shellWord } from '../../protocol/base/shell-word.ts'
import { JsonError } from '../../protocol/errors.ts'
import { parseStrictJson } from '../../protocol/json/strict-json.ts'
import { cadreProblem } from '../../service/tallies/cadre-problem.ts'
import { SettingsFileError } from '../errors/errors.ts'
import { type IdentityFields, identityProblem } from './identity-fields.ts'
import type { SettingKind } from './setting-definition.ts'
import { acceptsSetting, formatBounds, parseSetting } from './setting-values.ts'
import { definitionOf, isSettingKey, type SettingKey, type SettingValue } from './settings-table.ts'

/** The settings file as it is kept: durations in ms, and what may be disclosed under `identity` and `cadre`. */
export type StoredSettings = Readonly<
  Partial<Record<SettingKey, SettingValue>> & {
    identity?: IdentityFields
    cadre?: readonly string[]
  }
>

/** The file's name without `.json`, in the directory of the settings. */
export const SETTINGS_FILE = 'settings'

export function settingsFileIn(directory: string): string {
  return join(directory, `${SETTINGS_FILE}.json`)
}

/**
 * Reads the settings from a file's text, as we or a person wrote it: with or without a byte order mark; a value is a number
 * of ms or bytes, or the text that `config set` takes.
 * @throws SyntaxError that names the first setting that can't be and says what it takes
 */
export function parseSettingsFile(text: string): StoredSettings {
  const json = text.startsWith(BYTE_ORDER_MARK) ? text.slice(1) : text
  // The parser's own error shows where in the file it is; ours tells what it lets pass.
  JSON.parse(json)
  const stored = Object.entries(strictly(json)).map(([key, value]) => [key, asTyped(key, value)])
  const settings: unknown = Object.fromEntries(stored)
  assertSettings(settings)
  return settings
}

const BYTE_ORDER_MARK = '\ufeff'

function strictly(json: string) {
  try {
    return parseStrictJson(Buffer.from(json))
  } catch (cause) {
    if (!(cause instanceof JsonError)) throw cause
    throw new SyntaxError(cause.problem === 'not_an_object' ? NO_OBJECT : cause.message, { cause })
  }
}

const NO_OBJECT = 'the settings must be one JSON object'

/** Reads a text as `config set` does; anything else is left to the check. */
function asTyped(key: string, value: unknown): unknown {
  if (typeof value !== 'string' || !isSettingKey(key)) return value
  try {
    return parseSetting(key, [value])
  } catch (cause) {
    throw new SyntaxError(takesText(key), { cause })
  }
}

function takesText(key: SettingKey): string {
  const unit = UNITS[definitionOf(key).kind]
  return `${key} takes ${formatBounds(key)}${unit === undefined ? '' : `; a number without a unit is ${unit}`}`
}

/** The units of the numbers in the file. */
const UNITS: Readonly<Partial<Record<SettingKind, string>>> = {
  duration: 'milliseconds',
  bytes: 'bytes',
}

// By hand and not by zod, whose 90 modules would take a fifth of a cold command's time.
function assertSettings(stored: unknown): asserts stored is StoredSettings {
  if (typeof stored !== 'object' || stored === null || Array.isArray(stored)) {
    throw new SyntaxError(NO_OBJECT)
  }
  for (const [key, value] of Object.entries(stored)) {
    const problem = problemOf(key, value)
    if (problem !== undefined) throw new SyntaxError(problem)
  }
}

function problemOf(key: string, value: unknown): string | undefined {
  if (key === 'identity') return identityProblem(value)
  if (key === 'cadre') return cadreProblem(value)
  if (!isSettingKey(key)) return `there is no setting ${JSON.stringify(key.slice(0, 60))}`
  return acceptsSetting(key, value) ? undefined : takesText(key)
}

/** Most bytes of a settings file: hundreds of times what all settings take. */
const MAX_SETTINGS_BYTES = 65_536

/**
 * Reads the text of a settings file. It says which addresses and limits count and what may be disclosed: as the key and the
 * store, it is a file of this user that nobody else may use.
 * @returns undefined if there is none
 * @throws SettingsFileError
 */
export function readSettingsText(path: string): string | undefined {
  // NOFOLLOW: a link is not our file. NONBLOCK: a pipe put there must not hang us.
  const flags = constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK
  let handle: number
  try {
    handle = openSync(path, flags)
  } catch (cause) {
    const code = cause instanceof Error && 'code' in cause ? cause.code : undefined
    if (code === 'ENOENT') return undefined
    if (code === 'ELOOP') throw new SettingsFileError(NO_FILE, { path, cause })
    throw new SettingsFileError(reasonOf(cause), { path, cause })
  }
  try {
    checkHandle(handle, path)
    return readFileSync(handle, 'utf8')
  } finally {
    closeSync(handle)
  }
}

const NO_FILE = 'must be a file, not a link or directory'

function checkHandle(handle: number, path: string): void {
  const stats = fstatSync(handle)
  if (!stats.isFile()) throw new SettingsFileError(NO_FILE, { path })
  if (stats.size > MAX_SETTINGS_BYTES) {
    throw new SettingsFileError(`is larger than ${MAX_SETTINGS_BYTES / 1024} KiB`, { path })
  }
  const user = process.getuid?.()
  if (user === undefined) return
  if (stats.uid !== user) throw new SettingsFileError('belongs to another user', { path })
  if ((stats.mode & 0o077) !== 0) {
    const fix = `chmod 600 ${shellWord(path)}`
    throw new SettingsFileError('others may read or write it', { path, fix })
  }
}

export function reasonOf(cause: unknown): string {
  return cause instanceof Error ? cause.message : String(cause)
}

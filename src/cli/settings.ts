import { lstatSync } from 'node:fs'
import { join } from 'node:path'
import type Conf from 'conf'
import { type IdentityFields, withChanges } from './identity-fields.ts'
import {
  definitionOf,
  environmentNameOf,
  type SettingKey,
  type SettingValue,
} from './setting-definitions.ts'
import { parseSetting } from './setting-text.ts'
import { SettingsFileError } from './settings-file-error.ts'
import { settingsSchema } from './settings-schema.ts'

const FILE = 'settings'

/** Where a setting's value comes from. */
export type SettingSource = 'flag' | 'environment' | 'file' | 'default'

export interface EffectiveSetting {
  readonly value: SettingValue | undefined
  readonly source: SettingSource
}

/**
 * The settings: flag, then environment, then file, then default. The file is only read when asked and
 * only written by `set`, `unset` and `setIdentity`; it is checked as a whole each time it is opened.
 */
export class Settings {
  readonly #conf: Conf
  readonly #environment: NodeJS.ProcessEnv

  constructor(conf: Conf, environment: NodeJS.ProcessEnv) {
    this.#conf = conf
    this.#environment = environment
  }

  /** The settings file. It need not be there. */
  get path(): string {
    return this.#conf.path
  }

  /** The value that counts, and why. `flag` is what the command line said, if it said anything. */
  effective(key: SettingKey, flag?: SettingValue): EffectiveSetting {
    if (flag !== undefined) return { value: flag, source: 'flag' }
    const text = this.#environment[environmentNameOf(key)]
    if (text !== undefined && text !== '') {
      return { value: parseSetting(key, [text]), source: 'environment' }
    }
    const stored = this.#stored(key)
    if (stored !== undefined) return { value: stored, source: 'file' }
    return { value: definitionOf(key).fallback, source: 'default' }
  }

  /** A number setting, durations in ms. */
  number(key: SettingKey, flag?: number): number {
    const { value } = this.effective(key, flag)
    return typeof value === 'number' ? value : 0
  }

  /** A list setting; empty when it is not set. */
  list(key: SettingKey, flag?: readonly string[]): readonly string[] {
    const { value } = this.effective(key, flag)
    return typeof value === 'object' ? value : []
  }

  set(key: SettingKey, value: SettingValue): void {
    this.#write(() => this.#conf.set(key, value))
  }

  /** Back to the default. */
  unset(key: SettingKey): void {
    this.#write(() => this.#conf.delete(key))
  }

  /** What may be disclosed about this party. */
  get identity(): IdentityFields {
    const stored = this.#conf.get('identity')
    return typeof stored === 'object' && stored !== null ? { ...stored } : {}
  }

  /** Change fields; an empty text takes the field away. @throws UsageError, SettingsFileError */
  setIdentity(changes: IdentityFields): IdentityFields {
    const identity = withChanges(this.identity, changes)
    this.#write(() => this.#conf.set('identity', identity))
    return identity
  }

  #stored(key: SettingKey): SettingValue | undefined {
    const value: unknown = this.#conf.get(key)
    if (typeof value === 'number' || typeof value === 'string') return value
    if (!Array.isArray(value)) return undefined
    return value.filter((item) => typeof item === 'string')
  }

  #write(change: () => void): void {
    try {
      change()
    } catch (cause) {
      throw new SettingsFileError(reasonOf(cause), { path: this.path, cause })
    }
  }
}

/**
 * Open the settings in this directory. Makes the directory, but no file.
 * @throws SettingsFileError if the file is there and is damaged, not valid, or writable by others
 */
export async function openSettings(
  directory: string,
  environment: NodeJS.ProcessEnv,
): Promise<Settings> {
  const path = join(directory, `${FILE}.json`)
  checkOwnFile(path)
  const { default: Conf } = await import('conf')
  try {
    const conf = new Conf({
      cwd: directory,
      configName: FILE,
      configFileMode: 0o600,
      schema: settingsSchema(),
      rootSchema: { additionalProperties: false },
      deserialize,
    })
    return new Settings(conf, environment)
  } catch (cause) {
    throw new SettingsFileError(reasonOf(cause), { path, cause })
  }
}

/** conf would take a list or a number for an empty file, and write over it. */
function deserialize(text: string): Record<string, unknown> {
  const value: unknown = JSON.parse(text)
  if (typeof value === 'object' && value !== null && !Array.isArray(value)) return { ...value }
  throw new SyntaxError('the settings must be one JSON object')
}

/** Settings say which addresses and limits count: nobody else may write them. */
function checkOwnFile(path: string): void {
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

function reasonOf(cause: unknown): string {
  return cause instanceof Error ? cause.message : String(cause)
}

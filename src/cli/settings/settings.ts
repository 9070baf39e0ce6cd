import { lstatSync, readFileSync } from 'node:fs'
import { readFile } from 'node:fs/promises'
import { SettingsFileError } from '../errors/errors.ts'
import { type IdentityFields, withChanges } from './identity-fields.ts'
import { parseSetting } from './setting-values.ts'
import {
  checkOwnFile,
  parseSettingsFile,
  SETTINGS_FILE,
  type StoredSettings,
  settingsFileIn,
} from './settings-file.ts'
import {
  definitionOf,
  environmentNameOf,
  type SettingKey,
  type SettingValue,
} from './settings-table.ts'

/** The source of a setting's value. */
export type SettingSource = 'flag' | 'environment' | 'file' | 'default'

export interface EffectiveSetting {
  readonly value: SettingValue | undefined
  readonly source: SettingSource
}

/**
 * The settings: flag, then environment, then file, then default. The file is only read when asked and
 * only written by `set`, `unset` and `setIdentity`; it is checked as a whole each time it is read.
 */
export class Settings {
  readonly #directory: string
  readonly #environment: NodeJS.ProcessEnv
  #stored: StoredSettings
  /** When the file was last written, as far as is known; ms. */
  #seen = -1

  constructor(directory: string, stored: StoredSettings, environment: NodeJS.ProcessEnv) {
    this.#directory = directory
    this.#stored = stored
    this.#environment = environment
  }

  /** The settings file. It need not be there. */
  get path(): string {
    return settingsFileIn(this.#directory)
  }

  /** The value that counts, and its source. `flag` is the command line's value, if it has one. */
  effective(key: SettingKey, flag?: SettingValue): EffectiveSetting {
    if (flag !== undefined) return { value: flag, source: 'flag' }
    const text = this.#environment[environmentNameOf(key)]
    if (text !== undefined && text !== '') {
      return { value: parseSetting(key, [text]), source: 'environment' }
    }
    const stored = this.#stored[key]
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

  /** @throws SettingsFileError */
  async set(key: SettingKey, value: SettingValue): Promise<void> {
    await this.#write((stored) => ({ ...stored, [key]: value }))
  }

  /** Goes back to the default. @throws SettingsFileError */
  async unset(key: SettingKey): Promise<void> {
    await this.#write(({ [key]: _, ...rest }) => rest)
  }

  /** The fields that may be disclosed about this party. */
  get identity(): IdentityFields {
    return this.#stored.identity ?? {}
  }

  /** Changes fields; an empty text takes the field away. @throws UsageError, SettingsFileError */
  async setIdentity(changes: IdentityFields): Promise<IdentityFields> {
    withChanges(this.identity, changes)
    await this.#write((stored) => ({
      ...stored,
      identity: withChanges(stored.identity ?? {}, changes),
    }))
    return this.identity
  }

  /**
   * Takes up what another command has written since. A file that can't be used now changes nothing: a service goes on
   * with what it knows.
   * @returns false if the file can't be used
   */
  refresh(): boolean {
    try {
      const { mtimeMs = 0 } = lstatSync(this.path, { throwIfNoEntry: false }) ?? {}
      if (mtimeMs === this.#seen) return true
      this.reread()
      this.#seen = mtimeMs
      return true
    } catch {
      return false
    }
  }

  /** Reads the file as it is now. @throws SettingsFileError; what was known before still counts then */
  reread(): void {
    try {
      checkOwnFile(this.path)
      const isThere = lstatSync(this.path, { throwIfNoEntry: false }) !== undefined
      this.#stored = isThere ? parseSettingsFile(readFileSync(this.path, 'utf8')) : {}
    } catch (cause) {
      if (cause instanceof SettingsFileError) throw cause
      throw new SettingsFileError(reasonOf(cause), { path: this.path, cause })
    }
  }

  /** conf reads the file anew and replaces it whole. It is only loaded here: reading must be quick. */
  async #write(change: (stored: StoredSettings) => StoredSettings): Promise<void> {
    const { default: Conf } = await import('conf')
    try {
      const conf = new Conf<StoredSettings>({
        cwd: this.#directory,
        configName: SETTINGS_FILE,
        configFileMode: 0o600,
        deserialize: (text) => ({ ...parseSettingsFile(text) }),
      })
      conf.store = { ...change(conf.store) }
      this.#stored = { ...conf.store }
    } catch (cause) {
      throw new SettingsFileError(reasonOf(cause), { path: this.path, cause })
    }
  }
}

/**
 * Reads the settings in this directory. Makes nothing.
 * @throws SettingsFileError if the file is there and is damaged, not valid, or writable by others
 */
export async function openSettings(
  directory: string,
  environment: NodeJS.ProcessEnv,
): Promise<Settings> {
  const path = settingsFileIn(directory)
  try {
    checkOwnFile(path)
    const stored = parseSettingsFile(await readFile(path, 'utf8'))
    return new Settings(directory, stored, environment)
  } catch (cause) {
    if (isMissing(cause)) return new Settings(directory, {}, environment)
    if (cause instanceof SettingsFileError) throw cause
    throw new SettingsFileError(reasonOf(cause), { path, cause })
  }
}

function isMissing(cause: unknown): boolean {
  return cause instanceof Error && 'code' in cause && cause.code === 'ENOENT'
}

function reasonOf(cause: unknown): string {
  return cause instanceof Error ? cause.message : String(cause)
}

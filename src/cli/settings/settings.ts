import { lstatSync, readFileSync } from 'node:fs'
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { SettingsFileError } from '../errors/errors.ts'
import { type IdentityFields, withChanges } from './identity-fields.ts'
import {
  definitionOf,
  environmentNameOf,
  type SettingKey,
  type SettingValue,
} from './setting-definitions.ts'
import { parseSetting } from './setting-text.ts'
import { asSettingValue, parseStoredSettings, type StoredSettings } from './stored-settings.ts'

const FILE = 'settings'

/** Where a setting's value comes from. */
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
    return pathIn(this.#directory)
  }

  /** The value that counts, and why. `flag` is what the command line said, if it said anything. */
  effective(key: SettingKey, flag?: SettingValue): EffectiveSetting {
    if (flag !== undefined) return { value: flag, source: 'flag' }
    const text = this.#environment[environmentNameOf(key)]
    if (text !== undefined && text !== '') {
      return { value: parseSetting(key, [text]), source: 'environment' }
    }
    const stored = asSettingValue(this.#stored[key])
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

  /** Back to the default. @throws SettingsFileError */
  async unset(key: SettingKey): Promise<void> {
    await this.#write(({ [key]: _, ...rest }) => rest)
  }

  /** What may be disclosed about this party. */
  get identity(): IdentityFields {
    return identityIn(this.#stored)
  }

  /** Change fields; an empty text takes the field away. @throws UsageError, SettingsFileError */
  async setIdentity(changes: IdentityFields): Promise<IdentityFields> {
    withChanges(this.identity, changes)
    await this.#write((stored) => ({
      ...stored,
      identity: withChanges(identityIn(stored), changes),
    }))
    return this.identity
  }

  /**
   * Take up what another command has written since. A file that can't be used now changes nothing: a
   * service goes on with what it knows.
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

  /** Read the file as it is now. @throws SettingsFileError; what was known before still counts then */
  reread(): void {
    try {
      checkOwnFile(this.path)
      const isThere = lstatSync(this.path, { throwIfNoEntry: false }) !== undefined
      this.#stored = isThere ? parseStoredSettings(readFileSync(this.path, 'utf8')) : {}
    } catch (cause) {
      if (cause instanceof SettingsFileError) throw cause
      throw new SettingsFileError(reasonOf(cause), { path: this.path, cause })
    }
  }

  /** conf reads the file anew and replaces it whole. It is only loaded here: reading must be quick. */
  async #write(change: (stored: StoredSettings) => StoredSettings): Promise<void> {
    const { default: Conf } = await import('conf')
    try {
      const conf = new Conf({
        cwd: this.#directory,
        configName: FILE,
        configFileMode: 0o600,
        deserialize: (text) => ({ ...parseStoredSettings(text) }),
      })
      conf.store = { ...change(conf.store) }
      this.#stored = { ...conf.store }
    } catch (cause) {
      throw new SettingsFileError(reasonOf(cause), { path: this.path, cause })
    }
  }
}

/**
 * Read the settings in this directory. Makes nothing.
 * @throws SettingsFileError if the file is there and is damaged, not valid, or writable by others
 */
export async function openSettings(
  directory: string,
  environment: NodeJS.ProcessEnv,
): Promise<Settings> {
  const path = pathIn(directory)
  try {
    checkOwnFile(path)
    const stored = parseStoredSettings(await readFile(path, 'utf8'))
    return new Settings(directory, stored, environment)
  } catch (cause) {
    if (isMissing(cause)) return new Settings(directory, {}, environment)
    if (cause instanceof SettingsFileError) throw cause
    throw new SettingsFileError(reasonOf(cause), { path, cause })
  }
}

function pathIn(directory: string): string {
  return join(directory, `${FILE}.json`)
}

function identityIn(stored: StoredSettings): IdentityFields {
  const identity = stored['identity']
  return typeof identity === 'object' && identity !== null ? { ...identity } : {}
}

function isMissing(cause: unknown): boolean {
  return cause instanceof Error && 'code' in cause && cause.code === 'ENOENT'
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

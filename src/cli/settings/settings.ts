import { lstatSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { makeDirectories } from '../../store/directory/data-directory.ts'
import type { ProcessLock } from '../../store/directory/process-lock.ts'
import { SettingsFileError } from '../errors/errors.ts'
import { type IdentityFields, withChanges } from './identity-fields.ts'
import { parseSetting } from './setting-values.ts'
import {
  parseSettingsFile,
  readSettingsText,
  reasonOf,
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

/** The lock that a command holds while it changes the settings. */
const LOCK_FILE = 'settings.lock'

/** How long a command waits for another one to have changed the settings, ms: a change and its record take some 50. */
const LOCK_WAIT_MS = 10_000

/** How soon it looks again, ms. */
const LOCK_LOOK_MS = 20

/** The source of a setting's value. */
export type SettingSource = 'flag' | 'environment' | 'file' | 'default'

export interface EffectiveSetting {
  readonly value: SettingValue | undefined
  readonly source: SettingSource
}

/**
 * The settings: flag, then environment, then file, then default. The file is only read when asked and
 * only written by `set`, `setIdentity` and `setCadre`; it is checked as a whole each time it is read.
 */
export class Settings {
  readonly #directory: string
  readonly #environment: NodeJS.ProcessEnv
  #stored: StoredSettings
  /** The file that was read, as far as it can be told from another. */
  #seen: string | undefined

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

  /**
   * Does this work while no other command changes the file, on the file as it is then.
   * If the work fails, the file is as it was: what is told of a change and what the file holds are the same.
   * @throws SettingsFileError, also if another command does not come to an end; what the work throws
   */
  async changing<Result>(work: () => Promise<Result>): Promise<Result> {
    const lock = await this.#lock()
    try {
      this.reread()
      const before = this.#stored
      try {
        return await work()
      } catch (error) {
        if (this.#stored !== before) await this.#write(before)
        throw error
      }
    } finally {
      lock.release()
    }
  }

  /** Sets a value, or goes back to the default. Inside `changing`. @throws SettingsFileError */
  async set(key: SettingKey, value: SettingValue | undefined): Promise<void> {
    const { [key]: _, ...rest } = this.#stored
    await this.#write(value === undefined ? rest : { ...rest, [key]: value })
  }

  /** The fields that may be disclosed about this party. */
  get identity(): IdentityFields {
    return this.#stored.identity ?? {}
  }

  /** Changes fields; an empty text takes the field away. Inside `changing`. @throws UsageError, SettingsFileError */
  async setIdentity(changes: IdentityFields): Promise<IdentityFields> {
    await this.#write({ ...this.#stored, identity: withChanges(this.identity, changes) })
    return this.identity
  }

  /** Multiaddrs of the nodes that this party nominates; they are told to a partner. */
  get cadre(): readonly string[] {
    return this.#stored.cadre ?? []
  }

  /** Names the nodes anew; none takes them away. Inside `changing`. @throws SettingsFileError */
  async setCadre(addresses: readonly string[]): Promise<void> {
    const { cadre: _, ...rest } = this.#stored
    await this.#write(addresses.length === 0 ? rest : { ...rest, cadre: addresses })
  }

  /**
   * Takes up what another command has written since. A file that can't be used now changes nothing: a service goes on
   * with what it knows.
   * @returns false if the file can't be used
   */
  refresh(): boolean {
    try {
      const seen = this.#versionOnDisk()
      if (seen === this.#seen) return true
      this.reread()
      this.#seen = seen
      return true
    } catch {
      return false
    }
  }

  /** Reads the file as it is now. @throws SettingsFileError; what was known before still counts then */
  reread(): void {
    this.#stored = readSettings(this.path)
  }

  #versionOnDisk(): string {
    const { ino, size, mtimeNs } =
      lstatSync(this.path, { throwIfNoEntry: false, bigint: true }) ?? {}
    return `${ino} ${size} ${mtimeNs}`
  }

  async #lock(): Promise<ProcessLock> {
    const { takeProcessLock } = await import('../../store/directory/process-lock.ts')
    makeDirectories(this.#directory)
    const until = performance.now() + LOCK_WAIT_MS
    while (performance.now() < until) {
      const lock = takeProcessLock(join(this.#directory, LOCK_FILE))
      if (lock !== undefined) return lock
      await sleep(LOCK_LOOK_MS)
    }
    throw new SettingsFileError('another command is changing it', { path: this.path })
  }

  /** conf replaces the file whole. It is only loaded here: reading must be quick. */
  async #write(stored: StoredSettings): Promise<void> {
    const { default: Conf } = await import('conf')
    try {
      const conf = new Conf<StoredSettings>({
        cwd: this.#directory,
        configName: SETTINGS_FILE,
        configFileMode: 0o600,
        deserialize: (text) => ({ ...parseSettingsFile(text) }),
      })
      conf.store = { ...stored }
      this.#stored = stored
    } catch (cause) {
      throw new SettingsFileError(reasonOf(cause), { path: this.path, cause })
    }
  }
}

/**
 * Reads the settings in this directory. Makes nothing.
 * @throws SettingsFileError if the file is there and is damaged, not valid, or open to others
 */
export async function openSettings(
  directory: string,
  environment: NodeJS.ProcessEnv,
): Promise<Settings> {
  return new Settings(directory, readSettings(settingsFileIn(directory)), environment)
}

function readSettings(path: string): StoredSettings {
  const text = readSettingsText(path)
  if (text === undefined) return {}
  try {
    return parseSettingsFile(text)
  } catch (cause) {
    throw new SettingsFileError(reasonOf(cause), { path, cause })
  }
}

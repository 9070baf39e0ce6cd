import type {
  ListenerSettings,
  RereadSettings,
  SettingChange,
  SettingInUse,
} from '../../service/status/listener-settings.ts'
import { parseEndpoint } from '../settings/endpoint.ts'
import { parseSetting } from '../settings/setting-values.ts'
import type { EffectiveSetting, Settings } from '../settings/settings.ts'
import {
  definitionOf,
  isSettingKey,
  SETTING_KEYS,
  type SettingKey,
  type SettingValue,
  sessionConfigOf,
} from '../settings/settings-table.ts'

/** Flags as text, by the name of the setting that they override; others are left alone. */
export type SettingFlags = Readonly<Record<string, unknown>>

/** The settings of a listener: what its command line says, then the environment, the file, the default. */
export class ListenSettings implements ListenerSettings {
  readonly #settings: Settings
  readonly #flags: ReadonlyMap<SettingKey, SettingValue>
  readonly #inUse = new Map<SettingKey, EffectiveSetting>()
  /** Changes that wait for a restart, and were told. */
  readonly #told = new Map<SettingKey, SettingValue | undefined>()

  /** @throws SettingValueError, UsageError for a flag or a variable that can't be */
  constructor(settings: Settings, flags: SettingFlags) {
    this.#settings = settings
    this.#flags = parsedFlags(flags)
    for (const key of SETTING_KEYS) this.#inUse.set(key, this.#effective(key))
  }

  get inUse(): readonly SettingInUse[] {
    const own = SETTING_KEYS.filter((key) => definitionOf(key).takesEffect !== 'next')
    return own.map((key) => {
      const { value = null, source = 'default' } = this.#inUse.get(key) ?? {}
      return { key, value, source }
    })
  }

  /** Durations in ms, sizes in bytes. */
  number(key: SettingKey): number {
    const value = this.#inUse.get(key)?.value
    return typeof value === 'number' ? value : 0
  }

  list(key: SettingKey): readonly string[] {
    const value = this.#inUse.get(key)?.value
    return typeof value === 'object' ? value : []
  }

  text(key: SettingKey): string | undefined {
    const value = this.#inUse.get(key)?.value
    return typeof value === 'string' ? value : undefined
  }

  isOn(key: SettingKey): boolean {
    return this.#inUse.get(key)?.value === 'on'
  }

  /** How much of the disk to leave free, bytes. */
  get disk() {
    const [warnBytes, reserveBytes] = [this.number('disk-warn'), this.number('disk-reserve')]
    return { warnBytes, reserveBytes }
  }

  get http() {
    const value = this.#inUse.get('http')?.value
    return typeof value === 'string' ? parseEndpoint(value) : undefined
  }

  get config() {
    return sessionConfigOf((key) => this.#inUse.get(key)?.value)
  }

  /** @throws SettingsFileError, SettingValueError */
  reread(): RereadSettings {
    this.#settings.reread()
    const found = new Map(SETTING_KEYS.map((key) => [key, this.#effective(key)]))
    const changes = SETTING_KEYS.flatMap((key) => this.#change(key, found.get(key)))
    const restart = changes.filter(({ effect }) => effect === 'restart').map(({ key }) => key)
    return {
      changes,
      config: sessionConfigOf((key) => found.get(key)?.value),
      take: () => {
        for (const [key, each] of found) {
          if (definitionOf(key).takesEffect !== 'restart') this.#inUse.set(key, each)
          else if (restart.includes(key)) this.#told.set(key, each.value)
        }
      },
    }
  }

  #effective(key: SettingKey): EffectiveSetting {
    return this.#settings.effective(key, this.#flags.get(key))
  }

  #change(key: SettingKey, found: EffectiveSetting | undefined): readonly SettingChange[] {
    const was = this.#inUse.get(key)?.value
    const { value, source = 'default' } = found ?? {}
    const known = this.#told.has(key) ? this.#told.get(key) : was
    if (isSame(known, value)) return []
    const { takesEffect: effect } = definitionOf(key)
    return [{ key, from: was ?? null, to: value ?? null, source, effect }]
  }
}

function parsedFlags(flags: SettingFlags): ReadonlyMap<SettingKey, SettingValue> {
  const parsed = new Map<SettingKey, SettingValue>()
  for (const [key, text] of Object.entries(flags)) {
    if (!isSettingKey(key) || text === undefined) continue
    parsed.set(key, parseSetting(key, Array.isArray(text) ? text.map(String) : [String(text)]))
  }
  return parsed
}

function isSame(one: SettingValue | undefined, other: SettingValue | undefined): boolean {
  return JSON.stringify(one) === JSON.stringify(other)
}

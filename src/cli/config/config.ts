import { SettingValueError } from '../errors/errors.ts'
import type { Locations } from '../locations.ts'
import { formatBounds, formatSetting, parseSetting } from '../settings/setting-values.ts'
import { openSettings, type SettingSource, type Settings } from '../settings/settings.ts'
import {
  definitionOf,
  environmentNameOf,
  isSettingKey,
  SETTING_KEYS,
  SETTINGS,
  type SettingKey,
  type SettingValue,
} from '../settings/settings-table.ts'
import { line, paragraphs, type ScreenText } from '../text/screen-text.ts'
import { renderTable } from '../text/table.ts'
import type { ListenerTake } from './tell-listener.ts'

/** A setting with its value in effect. Durations in ms. */
export interface SettingShown {
  readonly key: SettingKey
  readonly value: SettingValue | null
  readonly source: SettingSource
  readonly environment: string
  readonly bounds: string
  readonly description: string
  /** When a running listener goes by a new value. */
  readonly takesEffect: 'now' | 'restart' | 'next'
}

export interface SettingsShown {
  readonly file: string
  readonly settings: readonly SettingShown[]
}

/** @throws SettingsFileError */
export async function listSettings(directory: string): Promise<SettingsShown> {
  const settings = await openSettings(directory, process.env)
  return { file: settings.path, settings: SETTING_KEYS.map((key) => shown(settings, key)) }
}

/** @throws SettingValueError for an unknown name, SettingsFileError */
export async function getSetting(directory: string, name: string): Promise<SettingShown> {
  const key = keyOf(name)
  return shown(await openSettings(directory, process.env), key)
}

/** A setting after it was set, and whether the running listener takes it. */
export interface SettingSet extends SettingShown {
  readonly listener: ListenerTake
}

/**
 * Sets a value, or, without any, goes back to the default; a running listener takes it up.
 * @throws SettingValueError, SettingsFileError, DataDirectoryError, StoreError
 */
export async function setSetting(
  locations: Locations,
  name: string,
  values: readonly string[],
  reason?: string,
): Promise<SettingSet> {
  const key = keyOf(name)
  const value = values.length === 0 ? undefined : parseSetting(key, values)
  const settings = await openSettings(locations.settingsDirectory, process.env)
  const { tellListener } = await import('./tell-listener.ts')
  return await settings.changing(async () => {
    const from = settings.effective(key).value ?? null
    await settings.set(key, value)
    const { value: to = null, source } = settings.effective(key)
    const change = { key, from, to, source, effect: definitionOf(key).takesEffect }
    return { ...shown(settings, key), listener: await tellListener(locations, change, reason) }
  })
}

export function settingsText({ file, settings }: SettingsShown, width: number): ScreenText {
  const columns = [
    { title: 'setting' },
    { title: 'value', shrinkTo: 12 },
    { title: 'from' },
    { title: 'bounds', shrinkTo: 10 },
    { title: 'what', shrinkTo: 10 },
  ]
  const rows = settings.map(({ key, value, source, bounds, description }) => {
    return [key, formatSetting(key, value ?? undefined), source, bounds, description]
  })
  return paragraphs([renderTable(columns, rows, { width }), line(`In ${file}`)])
}

export function settingText({ key, value }: SettingShown): ScreenText {
  return line(formatSetting(key, value ?? undefined))
}

function shown(settings: Settings, key: SettingKey): SettingShown {
  const { value, source } = settings.effective(key)
  return {
    key,
    value: value ?? null,
    source,
    environment: environmentNameOf(key),
    bounds: formatBounds(key),
    description: SETTINGS[key].description,
    takesEffect: definitionOf(key).takesEffect,
  }
}

function keyOf(name: string): SettingKey {
  if (isSettingKey(name)) return name
  const [key = '', ...value] = name.split('=')
  if (isSettingKey(key)) {
    throw new SettingValueError(`a setting and its value are two words: ${key} ${value.join('=')}`)
  }
  if (/^(?:identity|cadre)/.test(name)) {
    throw new SettingValueError('what may be disclosed is set by `taleus identity set`')
  }
  throw new SettingValueError(`there is no such setting; there are ${SETTING_KEYS.join(', ')}`)
}

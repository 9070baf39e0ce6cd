import {
  environmentNameOf,
  isSettingKey,
  SETTING_KEYS,
  SETTINGS,
  type SettingKey,
  type SettingValue,
} from './setting-definitions.ts'
import { formatBounds, formatSetting, parseSetting } from './setting-text.ts'
import { SettingValueError } from './setting-value-error.ts'
import { openSettings, type SettingSource, type Settings } from './settings.ts'
import { renderTable } from './table.ts'

/** One setting as it counts now. Durations in ms. */
export interface SettingShown {
  readonly key: SettingKey
  readonly value: SettingValue | null
  readonly source: SettingSource
  readonly environment: string
  readonly bounds: string
  readonly description: string
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

/** Set a value, or, without any, go back to the default. @throws SettingValueError, SettingsFileError */
export async function setSetting(
  directory: string,
  name: string,
  values: readonly string[],
): Promise<SettingShown> {
  const key = keyOf(name)
  const value = values.length === 0 ? undefined : parseSetting(key, values)
  const settings = await openSettings(directory, process.env)
  await (value === undefined ? settings.unset(key) : settings.set(key, value))
  return shown(settings, key)
}

export function settingsText({ file, settings }: SettingsShown, width: number): string {
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
  return `${renderTable(columns, rows, { width })}\n\nIn ${file}`
}

export function settingText({ key, value }: SettingShown): string {
  return formatSetting(key, value ?? undefined)
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
  }
}

function keyOf(name: string): SettingKey {
  if (isSettingKey(name)) return name
  if (name.startsWith('identity')) {
    throw new SettingValueError('what may be disclosed is set by `taleus identity set`')
  }
  throw new SettingValueError(`there is no such setting; there are ${SETTING_KEYS.join(', ')}`)
}

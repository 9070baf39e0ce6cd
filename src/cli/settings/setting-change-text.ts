import type { SettingChange } from '../../service/status/listener-settings.ts'
import { isSettingKey, type SettingValue } from './setting-definitions.ts'
import { formatSetting } from './setting-text.ts'

/** `max-sessions 100 → 5 (file)`, and from when it counts if not from now. */
export function changeText({ key, from, to, source, effect }: SettingChange): string {
  const change = `${key} ${valueText(key, from)} → ${valueText(key, to)} (${source})`
  return effect === 'restart' ? `${change}, when the listener is started again` : change
}

/** A value that came over the control socket, as a person writes it. */
export function valueText(key: string, value: SettingValue | null): string {
  if (value === null) return 'off'
  return isSettingKey(key) ? formatSetting(key, value) : String(value)
}

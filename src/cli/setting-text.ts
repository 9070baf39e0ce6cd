import { formatDuration, parseDuration } from './duration.ts'
import {
  definitionOf,
  type SettingDefinition,
  type SettingKey,
  type SettingValue,
} from './setting-definitions.ts'
import { SettingValueError } from './setting-value-error.ts'

/** Longest item of a list, in characters. */
const MAX_ITEM = 512

/**
 * A setting's value from what somebody typed: `5s`, `2000`, one text, or the items of a list, which may
 * also come as one text with commas.
 * @throws SettingValueError, UsageError
 */
export function parseSetting(key: SettingKey, texts: readonly string[]): SettingValue {
  const definition = definitionOf(key)
  if (definition.kind === 'list') {
    return checkedList(
      key,
      definition,
      texts.flatMap((text) => text.split(',')),
    )
  }
  const [text, ...more] = texts
  if (text === undefined || more.length > 0)
    throw new SettingValueError(`\`${key}\` takes one value`)
  if (definition.kind === 'duration') return parseDuration(text, { ...definition, of: key })
  if (definition.kind === 'integer') return checkedInteger(key, definition, text)
  return checkedText(key, definition, text)
}

/** A setting's value as `parseSetting` takes it back. */
export function formatSetting(key: SettingKey, value: SettingValue | undefined): string {
  if (value === undefined) return ''
  if (typeof value === 'number') {
    return definitionOf(key).kind === 'duration' ? formatDuration(value) : String(value)
  }
  return typeof value === 'string' ? value : value.join(',')
}

/** The unit and the bounds, for people. */
export function formatBounds(key: SettingKey): string {
  const { kind, min, max } = definitionOf(key)
  if (kind === 'duration') return `${formatDuration(min)} to ${formatDuration(max)}`
  if (kind === 'integer') return `${min} to ${max}`
  return kind === 'list' ? `${min} to ${max} items` : `${min} to ${max} characters`
}

function checkedInteger(key: SettingKey, { min, max }: SettingDefinition, text: string): number {
  const value = /^\d{1,15}$/.test(text.trim()) ? Number(text) : Number.NaN
  if (value >= min && value <= max) return value
  throw new SettingValueError(`\`${key}\` takes a whole number from ${min} to ${max}`)
}

function checkedText(key: SettingKey, { min, max }: SettingDefinition, text: string): string {
  if (text.length >= min && text.length <= max) return text
  throw new SettingValueError(`\`${key}\` takes ${min} to ${max} characters`)
}

function checkedList(
  key: SettingKey,
  { min, max }: SettingDefinition,
  texts: readonly string[],
): readonly string[] {
  const items = texts.map((text) => text.trim()).filter((text) => text !== '')
  if (items.length < min || items.length > max) {
    throw new SettingValueError(`\`${key}\` takes ${min} to ${max} items`)
  }
  const odd = items.find((item) => item.length > MAX_ITEM || !item.startsWith('/'))
  if (odd === undefined) return items
  throw new SettingValueError(`\`${key}\` takes addresses like /ip4/192.0.2.7/tcp/4710`)
}

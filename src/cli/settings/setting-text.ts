import { SettingValueError } from '../errors/errors.ts'
import { formatBytes, parseBytes } from '../text/byte-size.ts'
import { formatDuration, parseDuration } from '../text/duration.ts'
import { parseEndpoint } from './endpoint.ts'
import {
  definitionOf,
  type SettingDefinition,
  type SettingKey,
  type SettingKind,
  type SettingValue,
} from './setting-definitions.ts'

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
  if (definition.kind === 'bytes') return parseBytes(text, { ...definition, of: key })
  if (definition.kind === 'integer') return checkedInteger(key, definition, text)
  return checkedEndpoint(key, text)
}

/** A setting's value as `parseSetting` takes it back. */
export function formatSetting(key: SettingKey, value: SettingValue | undefined): string {
  if (value === undefined) return ''
  if (typeof value === 'number') {
    return formatNumber(definitionOf(key).kind, value)
  }
  return typeof value === 'string' ? value : value.join(',')
}

/** The unit and the bounds, for people. */
export function formatBounds(key: SettingKey): string {
  const { kind, min, max } = definitionOf(key)
  if (kind === 'list') return `${min} to ${max} items`
  if (kind === 'endpoint') return 'HOST:PORT'
  return `${formatNumber(kind, min)} to ${formatNumber(kind, max)}`
}

function formatNumber(kind: SettingKind, value: number): string {
  if (kind === 'duration') return formatDuration(value)
  return kind === 'bytes' ? exactBytes(value) : String(value)
}

/** As `parseBytes` takes it back: never rounded. */
function exactBytes(value: number): string {
  const shown = formatBytes(value)
  return shown.includes('.') ? String(value) : shown
}

function checkedInteger(key: SettingKey, { min, max }: SettingDefinition, text: string): number {
  const value = /^\d{1,15}$/.test(text.trim()) ? Number(text) : Number.NaN
  if (value >= min && value <= max) return value
  throw new SettingValueError(`\`${key}\` takes a whole number from ${min} to ${max}`)
}

function checkedEndpoint(key: SettingKey, text: string): string {
  if (parseEndpoint(text) !== undefined) return text.trim()
  throw new SettingValueError(`\`${key}\` takes HOST:PORT, like 127.0.0.1:9464 or [::1]:9464`)
}

/** What may be a multiaddr, and does nothing to a terminal. */
export function isAddressText(item: string): boolean {
  return item.length <= MAX_ITEM && /^\/[\x21-\x7e]+$/.test(item)
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
  if (items.every(isAddressText)) return items
  throw new SettingValueError(`\`${key}\` takes addresses like /ip4/192.0.2.7/tcp/4710`)
}

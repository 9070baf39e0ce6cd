import { parseEndpoint } from './endpoint.ts'
import { identityProblem } from './identity-fields.ts'
import {
  definitionOf,
  isSettingKey,
  type SettingKey,
  type SettingValue,
} from './setting-definitions.ts'
import { formatBounds, isAddressText } from './setting-text.ts'

/** The settings file as it is kept: durations in ms, and what may be disclosed under `identity`. */
export type StoredSettings = Readonly<Record<string, unknown>>

/**
 * The settings in a file's text, each checked against its definition.
 * @throws SyntaxError that names the setting and says what it takes
 */
export function parseStoredSettings(text: string): StoredSettings {
  const stored: unknown = JSON.parse(text)
  if (typeof stored !== 'object' || stored === null || Array.isArray(stored)) {
    throw new SyntaxError('the settings must be one JSON object')
  }
  for (const [key, value] of Object.entries(stored)) {
    const problem = key === 'identity' ? identityProblem(value) : problemOf(key, value)
    if (problem !== undefined) throw new SyntaxError(problem)
  }
  return { ...stored }
}

/** A value of a setting, if this is one. */
export function asSettingValue(value: unknown): SettingValue | undefined {
  if (typeof value === 'number' || typeof value === 'string') return value
  if (!Array.isArray(value)) return undefined
  return value.filter((item) => typeof item === 'string')
}

function problemOf(key: string, value: unknown): string | undefined {
  if (!isSettingKey(key)) return `there is no setting ${JSON.stringify(key.slice(0, 60))}`
  return fits(key, value) ? undefined : `${key} takes ${formatBounds(key)}`
}

function fits(key: SettingKey, value: unknown): boolean {
  const { kind, min, max } = definitionOf(key)
  if (kind === 'list') {
    const isText = (item: unknown) => typeof item === 'string' && isAddressText(item)
    const texts = Array.isArray(value) && value.every(isText)
    return texts && value.length >= min && value.length <= max
  }
  if (kind === 'endpoint') return typeof value === 'string' && parseEndpoint(value) !== undefined
  return typeof value === 'number' && Number.isInteger(value) && value >= min && value <= max
}

import type { Schema } from 'conf'
import { IDENTITY_NAME, MAX_IDENTITY_FIELDS, MAX_IDENTITY_TEXT } from './identity-fields.ts'
import { definitionOf, SETTING_KEYS, type SettingDefinition } from './setting-definitions.ts'

type ValueSchema = NonNullable<Schema<Record<string, unknown>>[string]>

/** The JSON schema of the settings file, from the table of settings. */
export function settingsSchema(): Schema<Record<string, unknown>> {
  const settings = SETTING_KEYS.map((key) => [key, schemaOf(definitionOf(key))] as const)
  return { ...Object.fromEntries(settings), identity: IDENTITY }
}

const IDENTITY: ValueSchema = {
  type: 'object',
  maxProperties: MAX_IDENTITY_FIELDS,
  propertyNames: { pattern: IDENTITY_NAME },
  additionalProperties: { type: 'string', minLength: 1, maxLength: MAX_IDENTITY_TEXT },
}

function schemaOf({ kind, min, max }: SettingDefinition): ValueSchema {
  if (kind === 'text') return { type: 'string', minLength: min, maxLength: max }
  if (kind === 'list') {
    return { type: 'array', minItems: min, maxItems: max, items: { type: 'string' } }
  }
  return { type: 'integer', minimum: min, maximum: max }
}

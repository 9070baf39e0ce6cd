import { UsageError } from '../errors/errors.ts'

/** The fields that may be disclosed: name to text. */
export type IdentityFields = Readonly<Record<string, string>>

/**
 * Fields that a party keeps of itself, or requires of another: fewer and shorter ones than a message may have, so that a
 * disclosure stays well inside one frame and one screen.
 */
export const MAX_OWN_FIELDS = 16
/** Characters of a field's value that is kept. */
const MAX_IDENTITY_TEXT = 256

/** Lower case, so that `Name` and `name` can't be two fields. */
const NAME = /^[a-z][a-z0-9_-]{0,31}$/
const CONTROL = /[\p{Cc}\p{Cs}\p{Zl}\p{Zp}]/u

/**
 * Reads fields like `name=Alice`; `name=` takes the field away, and gives an empty text.
 * @throws UsageError
 */
export function parseIdentityFields(texts: readonly string[]): IdentityFields {
  const fields = new Map<string, string>()
  for (const text of texts) {
    const equals = text.indexOf('=')
    const name = text.slice(0, equals).trim()
    const value = text.slice(equals + 1).trim()
    if (equals < 0) throw new UsageError('a field is written name=value, e.g. name=Alice')
    if (isReservedName(name)) {
      throw new UsageError(`a field can’t be called ${name}: choose another name, like company`)
    }
    if (!isFieldName(name)) {
      throw new UsageError(
        'a field’s name has at most 32 letters a-z, digits, - and _, a letter first',
      )
    }
    if (fields.has(name)) throw new UsageError(`the field ${name} is given twice`)
    if (!isShortLine(value)) {
      throw new UsageError(`\`${name}\` takes at most ${MAX_IDENTITY_TEXT} characters on one line`)
    }
    fields.set(name, value)
  }
  return Object.fromEntries(fields)
}

/** The fields with the changes made: an empty text takes the field away. */
export function withChanges(fields: IdentityFields, changes: IdentityFields): IdentityFields {
  const merged = Object.entries({ ...fields, ...changes }).filter(([, value]) => value !== '')
  if (merged.length > MAX_OWN_FIELDS) {
    throw new UsageError(`at most ${MAX_OWN_FIELDS} fields can be kept`)
  }
  return Object.fromEntries(merged)
}

/** Says what is wrong with a stored identity; undefined if nothing is. */
export function identityProblem(stored: unknown): string | undefined {
  if (typeof stored !== 'object' || stored === null || Array.isArray(stored)) {
    return 'identity must be an object of texts'
  }
  const fields = Object.entries(stored)
  if (fields.length > MAX_OWN_FIELDS) return `identity takes ${MAX_OWN_FIELDS} fields`
  const sound = fields.every(([name, value]) => {
    return isFieldName(name) && typeof value === 'string' && value !== '' && isShortLine(value)
  })
  return sound ? undefined : 'identity holds a field that can’t be'
}

/** False too for names that no message may carry. */
export function isFieldName(name: string): boolean {
  return NAME.test(name) && !isReservedName(name)
}

/** True for members of every object in JavaScript, like `constructor`: a field called so can't be disclosed. */
export function isReservedName(name: string): boolean {
  return name === 'prototype' || name in Object.prototype
}

function isShortLine(value: string): boolean {
  return value.length <= MAX_IDENTITY_TEXT && !CONTROL.test(value)
}

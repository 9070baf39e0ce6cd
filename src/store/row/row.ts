import type { JsonValue } from '../../protocol/json/json-value.ts'
import type { IdentityBundle } from '../../protocol/message/messages.ts'
import { RowInvalidError } from '../errors.ts'

/** One row as node:sqlite gives it. */
export type Row = Record<string, unknown>

/** @throws RowInvalidError */
export function text(row: Row, column: string): string {
  const value = row[column]
  if (typeof value !== 'string') throw new RowInvalidError(column)
  return value
}

/** @throws RowInvalidError */
export function integer(row: Row, column: string): number {
  const value = row[column]
  if (typeof value !== 'number') throw new RowInvalidError(column)
  return value
}

/** @throws RowInvalidError */
export function blob(row: Row, column: string): Uint8Array {
  const value = row[column]
  if (!(value instanceof Uint8Array)) throw new RowInvalidError(column)
  return value
}

/** @throws RowInvalidError */
export function json(row: Row, column: string): JsonValue {
  try {
    return JSON.parse(text(row, column))
  } catch (cause) {
    throw new RowInvalidError(column, { cause })
  }
}

/** Reads a list of strings that is stored as JSON. @throws RowInvalidError */
export function texts(row: Row, column: string): readonly string[] {
  const value = json(row, column)
  if (!Array.isArray(value)) throw new RowInvalidError(column)
  return value.map((each) => {
    if (typeof each !== 'string') throw new RowInvalidError(column)
    return each
  })
}

/** Reads the identity that a party disclosed, stored as JSON. @throws RowInvalidError */
export function partyIdentity(row: Row, column: string): IdentityBundle {
  const value = json(row, column)
  if (!isBundle(value)) throw new RowInvalidError(column)
  return value
}

function isBundle(value: JsonValue): value is IdentityBundle {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return false
  return Object.values(value).every((member) => typeof member === 'string')
}

export function optionalText(row: Row, column: string): string | undefined {
  return row[column] === null ? undefined : text(row, column)
}

export function optionalInteger(row: Row, column: string): number | undefined {
  return row[column] === null ? undefined : integer(row, column)
}

export function optionalBlob(row: Row, column: string): Uint8Array | undefined {
  return row[column] === null ? undefined : blob(row, column)
}

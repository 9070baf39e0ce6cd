import pg from 'pg'
import { RowInvalidError } from '../../errors.ts'

const { builtins } = pg.types

/** Columns of these types come as numbers: what SQLite gives, too. */
const NUMBERS: ReadonlySet<number> = new Set([builtins.INT8, builtins.NUMERIC])

/** Gives values of columns as `Row` has them: bytes not as buffers, and no digits; pg has a bigint, which each count is, as its digits. */
export const STORE_TYPES: pg.CustomTypesConfig = {
  getTypeParser: (id: number, format?: 'text' | 'binary') => {
    if (NUMBERS.has(id)) return exactNumber
    return id === builtins.BYTEA ? plainBytes : pg.types.getTypeParser(id, format ?? 'text')
  },
}

/** Bytes of their own, and no window onto what else was received. */
function plainBytes(hex: string): Uint8Array {
  return new Uint8Array(Buffer.from(hex.slice(2), 'hex'))
}

/** @throws RowInvalidError for one that a number does not hold exactly: none is written */
function exactNumber(digits: string): number {
  const value = Number(digits)
  if (Number.isSafeInteger(value)) return value
  throw new RowInvalidError('of a number')
}

import { RowInvalidError } from './row-invalid-error.ts'
import { StoreDamagedError } from './store-damaged-error.ts'
import { StoreError } from './store-error.ts'

/** SQLite's primary result codes that mean the file itself is bad: SQLITE_CORRUPT, SQLITE_NOTADB. */
const DAMAGED = new Set([11, 26])

/** Anything that is wrong with a statement, like a table that is not there. */
const SQLITE_ERROR = 1

/** Run, and translate SQLite's failures. */
export function guard<Result>(path: string, work: () => Result): Result {
  try {
    return work()
  } catch (error) {
    throw translate(path, error)
  }
}

/** SQLite's error, or node:sqlite's, as one of ours; anything else stays what it is. */
export function translate(path: string, error: unknown): unknown {
  if (error instanceof RowInvalidError) return damaged(path, error)
  if (!(error instanceof Error) || !('code' in error)) return error
  switch (error.code) {
    case 'ERR_SQLITE_ERROR':
      return DAMAGED.has(primaryCode(error))
        ? damaged(path, error)
        : new StoreError(path, `can't be used: ${error.message}`, { cause: error })
    // No number that large is ever written.
    case 'ERR_OUT_OF_RANGE':
      return damaged(path, error)
    case 'ERR_INVALID_STATE':
      return new StoreError(path, 'is closed', { cause: error })
    default:
      return error
  }
}

/** As `translate`, for statements being prepared: one that does not fit means tables that are not ours. */
export function translatePreparing(path: string, error: unknown): unknown {
  return error instanceof Error && primaryCode(error) === SQLITE_ERROR
    ? damaged(path, error)
    : translate(path, error)
}

function primaryCode(error: object): number {
  return 'errcode' in error && typeof error.errcode === 'number' ? error.errcode & 0xff : 0
}

function damaged(path: string, cause: Error): StoreDamagedError {
  return new StoreDamagedError(path, 'is damaged', { cause })
}

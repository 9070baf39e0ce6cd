import { RowInvalidError, StoreDamagedError, StoreError, StoreFullError } from '../errors.ts'

/** SQLite's primary result codes that mean the file itself is bad: SQLITE_CORRUPT, SQLITE_NOTADB. */
const DAMAGED = new Set([11, 26])

/**
 * SQLITE_FULL: a write for which there is no room. Only of that is it certain that nothing is left of what was to be
 * written; a sync that fails for the same reason has a code of its own, and so has the log's index.
 */
const FULL = 13

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
      return sqliteFailure(path, error)
    // No number that large is ever written.
    case 'ERR_OUT_OF_RANGE':
      return damaged(path, error)
    case 'ERR_INVALID_STATE':
      return new StoreError(path, 'is closed', { cause: error })
    default:
      return error
  }
}

function sqliteFailure(path: string, cause: Error): StoreError | StoreDamagedError {
  const code = primaryCode(cause)
  if (DAMAGED.has(code)) return damaged(path, cause)
  if (code === FULL) return new StoreFullError(path, { cause })
  return new StoreError(path, `can't be used: ${cause.message}`, { cause })
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

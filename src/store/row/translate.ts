import { closeSync, openSync, statSync } from 'node:fs'
import { dirname } from 'node:path'
import {
  RowInvalidError,
  StoreCarriedError,
  StoreDamagedError,
  StoreError,
  StoreFullError,
} from '../errors.ts'

/** SQLite's primary result codes that mean the file itself is bad: SQLITE_CORRUPT, SQLITE_NOTADB. */
const DAMAGED = new Set([11, 26])

/**
 * SQLITE_FULL: a write for which there is no room. Only this code makes sure that nothing of it was written: a failed sync
 * and a failure in the log's index have codes of their own.
 */
const FULL = 13

/** SQLITE_CONSTRAINT_TRIGGER, an extended code: a store that was carried over refuses all writes, and no other trigger does. */
const REFUSED_BY_TRIGGER = 1811

/** SQLITE_CANTOPEN: SQLite does not say why. */
const CANT_OPEN = 14

/** SQLITE_ERROR: a statement that can't be prepared, because a table is missing for instance. */
const SQLITE_ERROR = 1

/** Runs `work` and translates SQLite's failures. @throws StoreError, StoreFullError, StoreDamagedError */
export function guard<Result>(path: string, work: () => Result): Result {
  try {
    return work()
  } catch (error) {
    throw translate(path, error)
  }
}

/** Translates an error of SQLite or node:sqlite into one of the store's; returns any other as it is. */
export function translate(path: string, error: unknown): unknown {
  if (error instanceof RowInvalidError) return damaged(path, error)
  if (!(error instanceof Error) || !('code' in error)) return error
  switch (error.code) {
    case 'ERR_SQLITE_ERROR':
      return sqliteFailure(path, error)
    // The store never writes a number that large.
    case 'ERR_OUT_OF_RANGE':
      return damaged(path, error)
    case 'ERR_INVALID_STATE':
      return new StoreError(path, 'is closed', { cause: error })
    default:
      return error
  }
}

function sqliteFailure(path: string, cause: Error): Error {
  if ('errcode' in cause && cause.errcode === REFUSED_BY_TRIGGER) {
    return new StoreCarriedError(path, undefined, { cause })
  }
  const code = primaryCode(cause)
  if (DAMAGED.has(code)) return damaged(path, cause)
  if (code === FULL) return new StoreFullError(path, { cause })
  if (code === CANT_OPEN) {
    return new StoreError(path, 'can’t be opened', { cause: whyNotOpened(path) ?? cause })
  }
  return new StoreError(path, `can't be used: ${cause.message}`, { cause })
}

/** Asks the system why nothing can be opened there. The file itself is left alone: closing it would drop SQLite's locks. */
function whyNotOpened(path: string): unknown {
  try {
    statSync(path)
    closeSync(openSync(dirname(path), 'r'))
    return undefined
  } catch (error) {
    return error
  }
}

/** Translates as `translate`, for statements being prepared: one that fails means that the tables are not ours. */
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

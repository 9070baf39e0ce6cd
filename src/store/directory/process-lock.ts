import { chmodSync, existsSync, truncateSync } from 'node:fs'
import { DatabaseSync } from 'node:sqlite'

/** A lock that the operating system releases however its holder dies. */
export interface ProcessLock {
  /** Idempotent. */
  release(): void
}

/**
 * How long a listener waits for its lock, ms: who only looks whether it is held, see `isLocked`, is in the way for far
 * less, and a listener that is there stays.
 */
export const LOCK_PATIENCE_MS = 250

/**
 * Takes the lock on this file, which is made if it is not there. It is SQLite's own file lock, so `kill -9` leaves nothing
 * stale behind. The file's content does not matter.
 * @param patienceMs how long to wait for it; nothing else runs meanwhile
 * @returns undefined if another process holds it
 * @throws whatever node:sqlite throws for a file that can't be used
 */
export function takeProcessLock(path: string, patienceMs = 0): ProcessLock | undefined {
  try {
    return lock(path, patienceMs)
  } catch (error) {
    if (!hasNumber(error, NOT_A_DATABASE)) throw error
    // Truncated in place, so that a process that holds the lock keeps it.
    truncateSync(path)
    return lock(path, patienceMs)
  }
}

/**
 * True if the lock on this file is held. Takes nothing, and makes no file.
 * @throws whatever node:sqlite throws for a file that can't be read
 */
export function isLocked(path: string): boolean {
  if (!existsSync(path)) return false
  const database = new DatabaseSync(path, { readOnly: true, timeout: 0 })
  try {
    database.prepare('PRAGMA schema_version').get()
    return false
  } catch (error) {
    if (hasNumber(error, BUSY)) return true
    // Not even SQLite's own: then nobody holds it.
    if (hasNumber(error, NOT_A_DATABASE)) return false
    throw error
  } finally {
    database.close()
  }
}

/**
 * Nothing is ever stored in the file, so nothing waits for the disk: else a lock could not be released, and its process not
 * end, on a disk that does not answer.
 */
const NOTHING_TO_KEEP = 'PRAGMA synchronous = OFF; PRAGMA journal_mode = MEMORY'

function lock(path: string, timeout: number): ProcessLock | undefined {
  const database = new DatabaseSync(path, { timeout })
  try {
    chmodSync(path, 0o600)
    database.exec(`${NOTHING_TO_KEEP}; PRAGMA locking_mode = EXCLUSIVE; BEGIN EXCLUSIVE`)
  } catch (error) {
    database.close()
    if (hasNumber(error, BUSY)) return undefined
    throw error
  }
  HELD.add(database)
  return {
    release: () => {
      HELD.delete(database)
      if (database.isOpen) database.close()
    },
  }
}

/** A connection that nobody refers to is closed when its memory is reclaimed, and its lock released with it. */
const HELD = new Set<DatabaseSync>()

/** SQLITE_BUSY */
const BUSY = 5
/** SQLITE_NOTADB */
const NOT_A_DATABASE = 26

function hasNumber(error: unknown, number: number): boolean {
  return error instanceof Error && 'errcode' in error && error.errcode === number
}

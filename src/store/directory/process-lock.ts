import { chmodSync, truncateSync } from 'node:fs'
import { DatabaseSync } from 'node:sqlite'

/** A lock that the operating system releases however its holder dies. */
export interface ProcessLock {
  /** Idempotent. */
  release(): void
}

/**
 * Takes the lock on this file, which is made if it is not there. It is SQLite's own file lock, so `kill -9` leaves nothing
 * stale behind. The file's content does not matter.
 * @returns undefined if another process holds it
 * @throws whatever node:sqlite throws for a file that can't be used
 */
export function takeProcessLock(path: string): ProcessLock | undefined {
  try {
    return lock(path)
  } catch (error) {
    if (!hasNumber(error, NOT_A_DATABASE)) throw error
    // Truncated in place, so that a process that holds the lock keeps it.
    truncateSync(path)
    return lock(path)
  }
}

function lock(path: string): ProcessLock | undefined {
  const database = new DatabaseSync(path, { timeout: 0 })
  try {
    chmodSync(path, 0o600)
    database.exec('PRAGMA locking_mode = EXCLUSIVE; BEGIN EXCLUSIVE')
  } catch (error) {
    database.close()
    if (hasNumber(error, BUSY)) return undefined
    throw error
  }
  return {
    release: () => {
      if (database.isOpen) database.close()
    },
  }
}

/** SQLITE_BUSY */
const BUSY = 5
/** SQLITE_NOTADB */
const NOT_A_DATABASE = 26

function hasNumber(error: unknown, number: number): boolean {
  return error instanceof Error && 'errcode' in error && error.errcode === number
}

import { chmodSync } from 'node:fs'
import { DatabaseSync } from 'node:sqlite'

/** A lock that the operating system takes back when its holder dies, however it dies. */
export interface ProcessLock {
  /** Idempotent. */
  release(): void
}

/**
 * Take the lock on this file, which is made if it is not there. SQLite's own file lock does the work,
 * so `kill -9` leaves nothing stale behind.
 * @returns undefined if another process holds it
 * @throws whatever node:sqlite throws for a file that can't be used
 */
export function takeProcessLock(path: string): ProcessLock | undefined {
  const database = new DatabaseSync(path, { timeout: 0 })
  try {
    chmodSync(path, 0o600)
    database.exec('PRAGMA locking_mode = EXCLUSIVE; BEGIN EXCLUSIVE')
  } catch (error) {
    database.close()
    if (isBusy(error)) return undefined
    throw error
  }
  return {
    release: () => {
      if (database.isOpen) database.close()
    },
  }
}

/** SQLITE_BUSY */
function isBusy(error: unknown): boolean {
  return error instanceof Error && 'errcode' in error && error.errcode === 5
}

import { accessSync, constants, copyFileSync, mkdtempSync, rmSync, statSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { basename, dirname, join } from 'node:path'
import type { DatabaseSync } from 'node:sqlite'
import { OpenFile } from './open-file.ts'

/** True if the store's file or its directory may only be read: a mount, or rights that were taken away. */
export function isReadOnly(path: string): boolean {
  return [path, dirname(path)].some((each) => {
    try {
      accessSync(each, constants.W_OK)
      return false
    } catch (error) {
      const code = error instanceof Error && 'code' in error ? error.code : undefined
      return code === 'EROFS' || code === 'EACCES'
    }
  })
}

/**
 * Opens a store that may only be read, evidence or a backup, say. SQLite wants to write its log's index even to read: if no
 * index is there, what is read is the file itself, where no log lies beside it, or else a copy of both in a private directory,
 * which is gone when it is closed. Whatever writes is answered with SQLITE_READONLY.
 * @throws SQLite's own errors, and the system's if there is no room for a copy
 */
export function openReadOnly(path: string, timeout: number): DatabaseSync {
  if (sizeOf(`${path}-wal`) === 0) return readable(new OpenFile(path, { mode: 'frozen', timeout }))
  if (sizeOf(`${path}-shm`) > 0) return readable(new OpenFile(path, { mode: 'ro', timeout }))
  return copied(path, timeout)
}

function copied(path: string, timeout: number): DatabaseSync {
  const directory = mkdtempSync(join(tmpdir(), 'taleus-read-'))
  const onClose = (): void => rmSync(directory, { recursive: true, force: true })
  try {
    const copy = join(directory, basename(path))
    for (const ending of ['', '-wal']) copyFileSync(path + ending, copy + ending)
    return readable(new OpenFile(copy, { mode: 'rw', timeout, onClose }))
  } catch (error) {
    onClose()
    throw error
  }
}

/** Reads once, so that what can't be read is told here. */
function readable(database: DatabaseSync): DatabaseSync {
  try {
    database.exec('PRAGMA query_only = ON')
    database.prepare('SELECT count(*) FROM sqlite_schema').get()
    return database
  } catch (error) {
    database.close()
    throw error
  }
}

function sizeOf(path: string): number {
  return statSync(path, { throwIfNoEntry: false })?.size ?? 0
}

import {
  closeSync,
  fsyncSync,
  linkSync,
  lstatSync,
  openSync,
  readSync,
  rmSync,
  writeFileSync,
} from 'node:fs'
import { dirname } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { checkPrivateFile } from '../directory/data-directory.ts'
import { StoreDamagedError, StoreError, StoreNewerError } from '../errors.ts'
import { checkLog } from './log-check.ts'
import { migrate } from './migrate.ts'
import { MIGRATIONS } from './migrations.ts'

/** "tals" in `PRAGMA application_id`: tells our files from other SQLite files. */
const APPLICATION_ID = 0x74616c73

/** The header of an SQLite file, https://www.sqlite.org/fileformat2.html#the_database_header */
const HEADER_BYTES = 100
const MAGIC = 'SQLite format 3\0'
const WRITE_VERSION_AT = 18
const READ_VERSION_AT = 19
const USER_VERSION_AT = 60
const APPLICATION_ID_AT = 68
/** The header's value for files that are read and written through a write-ahead log. */
const WAL_VERSION = 2

/**
 * True if there is a store of taleus at this path, false if there is nothing. Only reads bytes: any other file is left as it
 * is.
 * @throws StoreDamagedError, StoreNewerError, StoreError, DataDirectoryError
 */
export function isStoreFile(path: string): boolean {
  return fileWork(path, () => {
    const stats = lstatSync(path, { throwIfNoEntry: false })
    if (stats === undefined) {
      refuseOrphan(path)
      return false
    }
    if (!stats.isFile() && !stats.isSymbolicLink()) {
      throw new StoreDamagedError(path, 'is not a regular file')
    }
    for (const ending of ['', '-wal', '-shm', '-journal']) checkPrivateFile(path + ending)
    checkHeader(path)
    checkLog(path)
    return true
  })
}

/**
 * Makes an empty store, mode 0600. A crash on the way leaves nothing under this name.
 * @throws StoreError
 */
export function createStoreFile(path: string): void {
  const draft = `${path}.new-${process.pid}`
  fileWork(path, () => {
    rmSync(draft, { force: true })
    try {
      writeFileSync(draft, emptyStore(), { flag: 'wx', mode: 0o600, flush: true })
      linkUnlessThere(draft, path)
    } finally {
      rmSync(draft, { force: true })
    }
    syncDirectory(dirname(path))
  })
}

/** Throws if a log lies there without its store: SQLite would work it into a new store. */
function refuseOrphan(path: string): void {
  for (const ending of ['-wal', '-journal']) {
    if (lstatSync(path + ending, { throwIfNoEntry: false }) !== undefined) {
      throw new StoreDamagedError(path, `is missing, but ${path}${ending} is there`)
    }
  }
}

function checkHeader(path: string): void {
  const header = Buffer.alloc(HEADER_BYTES)
  const handle = openSync(path, 'r')
  const length = readSync(handle, header)
  closeSync(handle)
  if (length === 0) throw new StoreDamagedError(path, 'is empty')
  if (length < HEADER_BYTES || header.toString('latin1', 0, MAGIC.length) !== MAGIC) {
    throw new StoreDamagedError(path, 'is not a database')
  }
  if (header.readUInt32BE(APPLICATION_ID_AT) !== APPLICATION_ID) {
    throw new StoreDamagedError(path, 'is a database, but not one of taleus')
  }
  if (header.readUInt32BE(USER_VERSION_AT) > MIGRATIONS.length) throw new StoreNewerError(path)
}

/** Returns the bytes of an empty store. */
function emptyStore(): Uint8Array {
  const database = new DatabaseSync(':memory:')
  try {
    database.exec(`PRAGMA application_id = ${APPLICATION_ID}`)
    migrate(database, ':memory:')
    const bytes = database.serialize()
    // Set from the beginning, so that no two processes wait for each other to switch to it.
    bytes[WRITE_VERSION_AT] = WAL_VERSION
    bytes[READ_VERSION_AT] = WAL_VERSION
    return bytes
  } finally {
    database.close()
  }
}

function linkUnlessThere(draft: string, path: string): void {
  try {
    linkSync(draft, path)
  } catch (error) {
    // Another process was first; its store is as good as ours.
    if (!isSystemError(error) || error.code !== 'EEXIST') throw error
  }
}

function syncDirectory(path: string): void {
  // Windows can't open a directory, and needs no such thing.
  if (process.platform === 'win32') return
  const handle = openSync(path, 'r')
  try {
    fsyncSync(handle)
  } finally {
    closeSync(handle)
  }
}

function fileWork<Result>(path: string, work: () => Result): Result {
  try {
    return work()
  } catch (error) {
    throw isSystemError(error) ? openFailure(path, error) : error
  }
}

function openFailure(path: string, cause: Error): StoreError {
  return new StoreError(path, `can't be opened: ${cause.message}`, { cause })
}

function isSystemError(error: unknown): error is NodeJS.ErrnoException {
  return error instanceof Error && 'syscall' in error
}

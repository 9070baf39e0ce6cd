import {
  closeSync,
  existsSync,
  fsyncSync,
  linkSync,
  openSync,
  readSync,
  rmSync,
  statSync,
} from 'node:fs'
import { dirname } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { MIGRATIONS } from './migrations.ts'
import { StoreDamagedError } from './store-damaged-error.ts'
import { StoreError } from './store-error.ts'
import { StoreNewerError } from './store-newer-error.ts'

/** "tals" in `PRAGMA application_id`: tells our files from other SQLite files. */
const APPLICATION_ID = 0x74616c73

/** How long a write waits for another process, in ms. A command beside the listener holds the lock for a few ms. */
const BUSY_TIMEOUT_MS = 5_000

const SQLITE_MAGIC = 'SQLite format 3\0'

/**
 * Open the store, making it if there is none, and bring its schema up to date.
 * @param path a file, or `:memory:`
 * @throws StoreDamagedError, StoreNewerError, StoreError
 */
export function openDatabase(path: string): DatabaseSync {
  if (path !== ':memory:') {
    if (existsSync(path)) checkHeader(path)
    else createFile(path)
  }
  return guard(path, () => {
    const database = connect(path)
    try {
      migrate(database, path)
    } catch (error) {
      database.close()
      throw error
    }
    return database
  })
}

/** Open an existing store for reading only. */
function connect(path: string): DatabaseSync {
  const database = new DatabaseSync(path, { timeout: BUSY_TIMEOUT_MS })
  database.exec('PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; PRAGMA temp_store = MEMORY')
  return database
}

/** A crash between "file exists" and "file is a store" must not leave an empty file under the real name. */
function createFile(path: string): void {
  const draft = `${path}.new-${process.pid}`
  guard(path, () => {
    rmSync(draft, { force: true })
    const database = new DatabaseSync(draft)
    database.exec(`PRAGMA application_id = ${APPLICATION_ID}`)
    migrate(database, path)
    database.close()
    syncPath(draft)
    try {
      linkSync(draft, path)
    } catch (error) {
      // Another process was first; its store is as good as ours.
      if (!isFileExists(error)) throw error
    } finally {
      rmSync(draft, { force: true })
    }
    syncPath(dirname(path))
  })
}

function isFileExists(error: unknown): boolean {
  return error instanceof Error && 'code' in error && error.code === 'EEXIST'
}

function syncPath(path: string): void {
  const handle = openSync(path, 'r')
  try {
    fsyncSync(handle)
  } finally {
    closeSync(handle)
  }
}

function checkHeader(path: string): void {
  const stat = statSync(path)
  if (!stat.isFile()) throw new StoreDamagedError(path, 'is not a regular file')
  if (stat.size === 0) throw new StoreDamagedError(path, 'is empty')
  const handle = openSync(path, 'r')
  try {
    const head = Buffer.alloc(SQLITE_MAGIC.length)
    readSync(handle, head, 0, head.length, 0)
    if (head.toString('latin1') !== SQLITE_MAGIC) {
      throw new StoreDamagedError(path, 'is not a database')
    }
  } finally {
    closeSync(handle)
  }
}

function migrate(database: DatabaseSync, path: string): void {
  const version = pragma(database, 'user_version')
  if (version > MIGRATIONS.length) throw new StoreNewerError(path)
  if (path !== ':memory:' && pragma(database, 'application_id') !== APPLICATION_ID) {
    throw new StoreDamagedError(path, 'is a database, but not one of taleus')
  }
  if (version === MIGRATIONS.length) return
  database.exec('BEGIN EXCLUSIVE')
  try {
    for (const sql of MIGRATIONS.slice(pragma(database, 'user_version'))) database.exec(sql)
    database.exec(`PRAGMA user_version = ${MIGRATIONS.length}`)
    database.exec('COMMIT')
  } catch (error) {
    database.exec('ROLLBACK')
    throw error
  }
}

function pragma(database: DatabaseSync, name: string): number {
  const value = database.prepare(`PRAGMA ${name}`).get()?.[name]
  return typeof value === 'number' ? value : 0
}

/** SQLite's primary result codes that mean the file itself is bad: SQLITE_CORRUPT, SQLITE_NOTADB. */
const DAMAGED = new Set([11, 26])

/** Run and translate SQLite's failures. */
export function guard<Result>(path: string, work: () => Result): Result {
  try {
    return work()
  } catch (error) {
    throw translate(path, error)
  }
}

/** SQLite's error as one of ours; anything else stays what it is. */
export function translate(path: string, error: unknown): unknown {
  if (!(error instanceof Error) || !('errcode' in error)) return error
  const code = typeof error.errcode === 'number' ? error.errcode & 0xff : 0
  return DAMAGED.has(code)
    ? new StoreDamagedError(path, 'is damaged', { cause: error })
    : new StoreError(path, `can't be used: ${error.message}`, { cause: error })
}

import { statSync } from 'node:fs'
import { DatabaseSync } from 'node:sqlite'
import { guard } from '../row/translate.ts'
import { migrate } from './migrate.ts'
import { isOpenHere, OpenFile } from './open-file.ts'
import { isReadOnly, openReadOnly } from './read-only-file.ts'
import { createStoreFile, isStoreFile } from './store-file.ts'

/**
 * How long a write waits for another process, in ms; nothing else runs meanwhile. A command beside the
 * listener holds the lock for a few ms.
 */
export const BUSY_TIMEOUT_MS = 5_000

/** Size of the page cache in KiB: enough for the ends of all tables and the upper levels of their indices. */
const CACHE_KIB = 8_192

/**
 * Length of the write-ahead log at which it is worked into the file, in pages of 4 KiB. A longer log works pages that
 * change often in less often; above 16 MiB it would be felt as a pause.
 */
const CHECKPOINT_PAGES = 4_000

const READ_SETTINGS = `
  PRAGMA temp_store = MEMORY;
  PRAGMA cell_size_check = ON;
  PRAGMA cache_size = -${CACHE_KIB};`

const SETTINGS = `
  PRAGMA journal_mode = WAL;
  PRAGMA synchronous = FULL;
  ${READ_SETTINGS}
  PRAGMA wal_autocheckpoint = ${CHECKPOINT_PAGES}`

/**
 * Opens the store, makes it if there is none, and brings its schema up to date. One that may only be read is opened for that.
 * @param isInUse see `migrate`
 * @throws StoreDamagedError, StoreNewerError, StoreInUseError, StoreError, and DataDirectoryError for a symbolic link,
 *   a foreign owner or a looser mode than 0600
 */
export function openDatabase(
  path: string,
  busyTimeoutMs: number,
  isInUse?: () => boolean,
): DatabaseSync {
  return guard(path, () => {
    if (!isOpenHere(path) && !isStoreFile(path)) {
      createStoreFile(path)
      isStoreFile(path)
    }
    if (isReadOnly(path)) {
      return prepared(openReadOnly(path, busyTimeoutMs), path, isInUse, READ_SETTINGS)
    }
    lookFirst(path, busyTimeoutMs)
    // Never made by SQLite: what vanished since the check is not replaced by something empty.
    const database = new OpenFile(path, { mode: 'rw', timeout: busyTimeoutMs })
    return prepared(database, path, isInUse)
  })
}

/**
 * Reads the schema through a read-only connection first, if there is a log: a connection that may write works the log into
 * the file when it closes, which would make a damaged file worse.
 */
function lookFirst(path: string, timeout: number): void {
  const log = statSync(`${path}-wal`, { throwIfNoEntry: false })
  if (log === undefined || log.size === 0) return
  const reader = new OpenFile(path, { mode: 'ro', timeout })
  try {
    reader.prepare('SELECT count(*) FROM sqlite_schema').get()
  } finally {
    reader.close()
  }
}

export function openMemoryDatabase(): DatabaseSync {
  return prepared(new DatabaseSync(':memory:'), ':memory:')
}

function prepared(
  database: DatabaseSync,
  path: string,
  isInUse?: () => boolean,
  settings: string = SETTINGS,
): DatabaseSync {
  try {
    database.exec(settings)
    migrate(database, path, isInUse)
  } catch (error) {
    database.close()
    throw error
  }
  return database
}

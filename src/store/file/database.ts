import { statSync } from 'node:fs'
import { DatabaseSync } from 'node:sqlite'
import { pathToFileURL } from 'node:url'
import { guard } from '../row/translate.ts'
import { migrate } from './migrate.ts'
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

const SETTINGS = `
  PRAGMA journal_mode = WAL;
  PRAGMA synchronous = FULL;
  PRAGMA temp_store = MEMORY;
  PRAGMA cell_size_check = ON;
  PRAGMA cache_size = -${CACHE_KIB};
  PRAGMA wal_autocheckpoint = ${CHECKPOINT_PAGES}`

/**
 * Opens the store, makes it if there is none, and brings its schema up to date.
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
    if (!OPEN_HERE.has(path) && !isStoreFile(path)) {
      createStoreFile(path)
      isStoreFile(path)
    }
    lookFirst(path, busyTimeoutMs)
    // Never made by SQLite: what vanished since the check is not replaced by something empty.
    const database = new OpenFile(path, 'rw', busyTimeoutMs)
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
  const reader = new OpenFile(path, 'ro', timeout)
  try {
    reader.prepare('SELECT count(*) FROM sqlite_schema').get()
  } finally {
    reader.close()
  }
}

/**
 * How often this process has each file open. POSIX drops a process's locks on a file when any handle of it is closed, so an
 * open file must not be read past SQLite; it was checked when it was first opened.
 */
const OPEN_HERE = new Map<string, number>()

class OpenFile extends DatabaseSync {
  readonly #path: string

  constructor(path: string, mode: 'ro' | 'rw', timeout: number) {
    const location = pathToFileURL(path)
    location.searchParams.set('mode', mode)
    super(location, { timeout, readOnly: mode === 'ro' })
    this.#path = path
    OPEN_HERE.set(path, (OPEN_HERE.get(path) ?? 0) + 1)
  }

  override close(): void {
    super.close()
    const left = (OPEN_HERE.get(this.#path) ?? 1) - 1
    if (left > 0) OPEN_HERE.set(this.#path, left)
    else OPEN_HERE.delete(this.#path)
  }
}

export function openMemoryDatabase(): DatabaseSync {
  return prepared(new DatabaseSync(':memory:'), ':memory:')
}

function prepared(database: DatabaseSync, path: string, isInUse?: () => boolean): DatabaseSync {
  try {
    database.exec(SETTINGS)
    migrate(database, path, isInUse)
  } catch (error) {
    database.close()
    throw error
  }
  return database
}

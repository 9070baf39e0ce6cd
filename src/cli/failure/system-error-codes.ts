/**
 * The system's error codes with the error code that each has wherever it happens: about the disk, the rights, the limits.
 * The rest means something only to whoever asked.
 */
const SYSTEM_ERROR_CODES: ReadonlyMap<string, string> = new Map([
  ['ENOSPC', 'disk_full'],
  ['EDQUOT', 'disk_full'],
  ['EROFS', 'disk_read_only'],
  ['EACCES', 'not_permitted'],
  ['EPERM', 'not_permitted'],
  ['EIO', 'disk_failed'],
  ['ENXIO', 'disk_failed'],
  ['ENODEV', 'disk_failed'],
  ['ESTALE', 'disk_failed'],
  ['EMFILE', 'files_exhausted'],
  ['ENFILE', 'files_exhausted'],
  ['ENOMEM', 'memory_exhausted'],
  ['EFBIG', 'file_too_large'],
  ['ENAMETOOLONG', 'path_unusable'],
  ['ENOTDIR', 'path_unusable'],
  ['EISDIR', 'path_unusable'],
  ['ELOOP', 'path_unusable'],
  ['EADDRINUSE', 'address_in_use'],
])

/**
 * SQLite's result codes, https://sqlite.org/rescode.html, first the kinds (the low byte), then those that mean something else
 * than their kind. What is not here is a fault of ours, or of the version of SQLite: `store`.
 */
const SQLITE_ERROR_CODES: ReadonlyMap<number, string> = new Map([
  [3 /* PERM */, 'not_permitted'],
  [5 /* BUSY */, 'store_busy'],
  [6 /* LOCKED */, 'store_busy'],
  [7 /* NOMEM */, 'memory_exhausted'],
  [8 /* READONLY */, 'disk_read_only'],
  [10 /* IOERR */, 'disk_failed'],
  [11 /* CORRUPT */, 'store_damaged'],
  [13 /* FULL */, 'disk_full'],
  [14 /* CANTOPEN */, 'store_unopened'],
  [15 /* PROTOCOL: others were always faster */, 'store_busy'],
  [22 /* NOLFS */, 'file_too_large'],
  [23 /* AUTH */, 'not_permitted'],
  [26 /* NOTADB */, 'store_damaged'],
  [526 /* CANTOPEN_ISDIR */, 'path_unusable'],
  [782 /* CANTOPEN_FULLPATH */, 'path_unusable'],
  [1038 /* CANTOPEN_CONVPATH */, 'path_unusable'],
  [1550 /* CANTOPEN_SYMLINK */, 'path_unusable'],
  [1032 /* READONLY_DBMOVED */, 'store_moved'],
  [3082 /* IOERR_NOMEM */, 'memory_exhausted'],
  [3338 /* IOERR_ACCESS */, 'not_permitted'],
  [4874 /* IOERR_SHMSIZE: no room for the log's index */, 'disk_full'],
  [6922 /* IOERR_VNODE */, 'store_moved'],
  [7178 /* IOERR_AUTH */, 'not_permitted'],
  [8202 /* IOERR_DATA: a page's checksum */, 'store_damaged'],
])

/**
 * The causes that count more than what they were the cause of: if it is the disk, a limit or another process, a backup of the
 * file would not help.
 */
export const NOT_THE_FILES_FAULT: ReadonlySet<string> = new Set(
  [...SYSTEM_ERROR_CODES.values(), ...SQLITE_ERROR_CODES.values()].filter(
    (code) => code !== 'store_damaged' && code !== 'address_in_use',
  ),
)

/** The error code of what the system or SQLite says. @param number SQLite's result code */
export function systemErrorCode(code: string | undefined, number = 0): string | undefined {
  if (code === undefined) return undefined
  if (code !== 'ERR_SQLITE_ERROR') return SYSTEM_ERROR_CODES.get(code)
  return SQLITE_ERROR_CODES.get(number) ?? SQLITE_ERROR_CODES.get(number & 0xff) ?? 'store'
}

import { existsSync, lstatSync, mkdirSync, readdirSync, realpathSync, type Stats } from 'node:fs'
import { basename, dirname, join, resolve } from 'node:path'
import { shellWord } from '../../protocol/base/shell-word.ts'
import { NoPartyError } from '../errors.ts'
import { hasStore } from './store-marker.ts'

/** A data directory that was used has at least one of these. */
const OWN_FILES = ['identity.key', 'taleus.db', 'settings.json', 'control.sock'] as const

/** Files beside the store: SQLite's own, and the one that remembers that there was a store. */
const STORE_COMPANIONS = ['-wal', '-shm', '-journal', '.id'] as const

/** A data directory that was found to be private, and the paths in it, all absolute. */
export interface DataDirectory {
  readonly path: string
  readonly keyFile: string
  /** Holds the certificate by which a node speaks for its party; only in the directory of one. */
  readonly certificateFile: string
  readonly storeFile: string
  /** The lock that the one listener of this directory holds. */
  readonly lockFile: string
  /** May be longer than a system takes for a socket: see `reachSocket`. */
  readonly controlSocket: string
}

export interface DataDirectoryDetails {
  readonly path: string
  readonly fix?: string
  readonly cause?: unknown
}

/** The data directory, or a file in it, can't be used safely. Names the path and the way out. */
export class DataDirectoryError extends Error {
  override readonly name = 'DataDirectoryError'
  readonly code = 'data_directory'
  readonly path: string
  /** A shell command that repairs it, if there is one. */
  readonly fix: string | undefined

  constructor(message: string, details: DataDirectoryDetails) {
    super(message, 'cause' in details ? { cause: details.cause } : {})
    this.path = details.path
    this.fix = details.fix
  }
}

/**
 * Creates the directory (mode 0700, parents too) if it is not there, and checks that nobody else can read or replace what
 * is in it.
 * @throws DataDirectoryError for looser modes, foreign owners, symbolic links and what is no directory
 */
export function openDataDirectory(path: string): DataDirectory {
  const given = resolve(path)
  makePrivateDirectory(given)
  const real = realpathSync(given)
  const directory: DataDirectory = {
    path: real,
    keyFile: join(real, 'identity.key'),
    certificateFile: join(real, 'node.certificate'),
    storeFile: join(real, 'taleus.db'),
    lockFile: join(real, 'listener.lock'),
    controlSocket: join(real, 'control.sock'),
  }
  for (const file of [directory.keyFile, directory.storeFile, directory.lockFile]) {
    checkPrivateFile(file)
  }
  for (const ending of STORE_COMPANIONS) checkPrivateFile(directory.storeFile + ending)
  checkPrivateFile(join(real, 'events.jsonl'))
  checkPrivateFile(directory.controlSocket, 'socket')
  return directory
}

/**
 * Opens a directory that holds a party: its key, or a store whose key is missing. Makes nothing.
 * @throws NoPartyError if it holds none, or is not there; DataDirectoryError as `openDataDirectory`
 */
export function openPartyDirectory(path: string): DataDirectory {
  const given = resolve(path)
  if (statOf(given) === undefined) throw new NoPartyError(given)
  const directory = openDataDirectory(given)
  if (!holdsParty(directory)) throw new NoPartyError(directory.path)
  return directory
}

/** True if there is a key or a store: one without the other is a damaged party, not a missing one. */
export function holdsParty(directory: Pick<DataDirectory, 'keyFile' | 'storeFile'>): boolean {
  return existsSync(directory.keyFile) || hasStore(directory)
}

/**
 * Checks that there is nothing at this path, or a regular file (or socket) of this user that nobody else may use.
 * @throws DataDirectoryError
 */
export function checkPrivateFile(path: string, kind: 'file' | 'socket' = 'file'): void {
  const stats = statOf(path)
  if (stats === undefined) return
  if (stats.isSymbolicLink()) throw symbolicLink(path)
  if (kind === 'file' ? !stats.isFile() : !stats.isSocket()) {
    throw new DataDirectoryError(`${path} should be a ${kind} and is not`, {
      path,
      fix: moveAside(path),
    })
  }
  checkOwnerAndMode(path, stats, 0o600)
}

/** Returns a command that renames whatever is at `path`. */
function moveAside(path: string): string {
  return `mv ${shellWord(path)} ${shellWord(`${path}.old`)}`
}

function makePrivateDirectory(path: string): void {
  if (statOf(path) === undefined) {
    try {
      makeDirectories(path)
    } catch (cause) {
      throw new DataDirectoryError(`can't create ${path}: ${reasonOf(cause)}`, { path, cause })
    }
  }
  const stats = statOf(path)
  if (stats?.isSymbolicLink()) throw symbolicLink(path)
  if (!stats?.isDirectory()) {
    throw new DataDirectoryError(`${path} is not a directory`, { path })
  }
  checkOwnerAndMode(path, stats, 0o700)
}

/** Makes directories (mode 0700) one by one. With `recursive`, Node never ends where a new name gives ENOENT, as below /proc. */
export function makeDirectories(path: string): void {
  if (existsSync(path)) return
  const parent = dirname(path)
  if (parent !== path) makeDirectories(parent)
  try {
    mkdirSync(path, { mode: 0o700 })
  } catch (error) {
    // Another process may have made it meanwhile; what it is, is checked afterwards.
    if (!(error instanceof Error && 'code' in error && error.code === 'EEXIST')) throw error
  }
}

function checkOwnerAndMode(path: string, stats: Stats, mode: number): void {
  const user = process.getuid?.()
  // Windows has neither owners nor modes in this sense.
  if (user === undefined) return
  if (stats.uid !== user) {
    const fix = `sudo chown ${user} ${shellWord(path)}`
    throw new DataDirectoryError(`${path} belongs to another user`, { path, fix })
  }
  if ((stats.mode & 0o077) === 0) return
  const shown = (stats.mode & 0o777).toString(8).padStart(3, '0')
  const problem = `others may use ${path} (its mode is ${shown})`
  if (stats.isDirectory() && isOfOthers(path)) {
    throw new DataDirectoryError(`${problem}, and it holds no data of taleus`, { path })
  }
  const fix = `chmod ${mode.toString(8)} ${shellWord(path)}`
  throw new DataDirectoryError(problem, { path, fix })
}

/** True for a directory that is used for something else, /tmp say, which must not be closed to others. */
function isOfOthers(path: string): boolean {
  const names = readdirSync(path)
  return names.length > 0 && !OWN_FILES.some((name) => names.includes(name))
}

function symbolicLink(path: string): DataDirectoryError {
  const fix = `ls -l ${shellWord(path)}`
  const message = `${path} is a symbolic link, and ${basename(path)} must be the real thing`
  return new DataDirectoryError(message, { path, fix })
}

/** @throws DataDirectoryError when the path can't be looked at for any reason but not being there */
function statOf(path: string): Stats | undefined {
  try {
    return lstatSync(path, { throwIfNoEntry: false })
  } catch (cause) {
    throw new DataDirectoryError(`can't look at ${path}: ${reasonOf(cause)}`, { path, cause })
  }
}

function reasonOf(cause: unknown): string {
  return cause instanceof Error ? cause.message : String(cause)
}

import { randomBytes } from 'node:crypto'
import { closeSync, constants, fstatSync, linkSync, openSync, readdirSync, rmSync } from 'node:fs'
import { basename, dirname, join } from 'node:path'
import { sha256Hex } from '../../protocol/base/digest.ts'
import type { DataDirectory } from './data-directory.ts'
import { readSmallFile } from './read-small-file.ts'
import { hasStore } from './store-marker.ts'
import { syncDirectory, writeDurably } from './write-durably.ts'

/** First word of the file; a later format gets another number. */
const FORMAT = 'taleus-private-key-1'
/** More than any key needs: an Ed25519 key in its envelope has 68 bytes. */
const MAX_FILE_BYTES = 4096

export type KeyFileProblem = 'missing' | 'damaged' | 'unsafe' | 'unreadable' | 'unwritable'

export interface KeyFileDetails {
  readonly problem: KeyFileProblem
  readonly path: string
  readonly cause?: unknown
}

/** The key file can't be used. Never a reason to make a new identity. */
class KeyFileError extends Error {
  override readonly name = 'KeyFileError'
  readonly code = 'key_file'
  readonly path: string
  readonly problem: KeyFileProblem

  constructor(message: string, details: KeyFileDetails) {
    super(message, 'cause' in details ? { cause: details.cause } : {})
    this.problem = details.problem
    this.path = details.path
  }
}

/**
 * Returns the private key's bytes as they were given to `createKey`; undefined in a directory that has neither key nor
 * store.
 * @throws KeyFileError if the file is damaged, unsafe or unreadable, or missing beside a store
 */
export function readKey(directory: DataDirectory): Uint8Array | undefined {
  const found = readIfThere(directory.keyFile)
  if (found !== undefined || !hasStore(directory)) return found
  // Another process may just have made both: the key always comes first, so now it must be there.
  const second = readIfThere(directory.keyFile)
  if (second !== undefined) return second
  throw new KeyFileError(
    `${directory.keyFile} is missing, but the store that belongs to it is there`,
    { problem: 'missing', path: directory.keyFile },
  )
}

/**
 * Writes the key into its own file (mode 0600), durable before this returns. The file appears whole or not at all. If
 * another process was first, its key is returned.
 * @throws KeyFileError as `readKey`
 */
export function createKey(directory: DataDirectory, bytes: Uint8Array): Uint8Array {
  const existing = readKey(directory)
  if (existing !== undefined) return existing
  const path = directory.keyFile
  const temporary = `${path}.${randomBytes(8).toString('hex')}.tmp`
  try {
    writeDurably(temporary, encode(bytes))
    linkSync(temporary, path)
  } catch (cause) {
    rmSync(temporary, { force: true })
    // EEXIST: another process was first. ENOENT: it was, and has swept away our temporary file.
    if (!hasCode(cause, 'EEXIST') && !hasCode(cause, 'ENOENT')) {
      throw new KeyFileError(`can't write ${path}`, { problem: 'unwritable', path, cause })
    }
  }
  sweepTemporaries(path)
  syncDirectory(dirname(path))
  const key = readIfThere(path)
  if (key === undefined) throw new KeyFileError(`${path} vanished`, { problem: 'missing', path })
  return key
}

/** Returns the key there is, or else creates one from `generate`. See `createKey`. */
export function ensureKey(directory: DataDirectory, generate: () => Uint8Array): Uint8Array {
  return readKey(directory) ?? createKey(directory, generate())
}

function readIfThere(path: string): Uint8Array | undefined {
  // NOFOLLOW: a link is not our file. NONBLOCK: a pipe put there must not hang us.
  const flags = constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK
  let handle: number
  try {
    handle = openSync(path, flags)
  } catch (cause) {
    if (hasCode(cause, 'ENOENT')) return undefined
    if (hasCode(cause, 'ELOOP')) {
      throw new KeyFileError(`${path} is a symbolic link`, { problem: 'unsafe', path, cause })
    }
    throw new KeyFileError(`can't read ${path}`, { problem: 'unreadable', path, cause })
  }
  try {
    checkHandle(handle, path)
    const text = readSmallFile(handle, MAX_FILE_BYTES)
    if (text === undefined) throw damaged(path)
    return decode(text.toString('utf8'), path)
  } finally {
    closeSync(handle)
  }
}

function checkHandle(handle: number, path: string): void {
  const stats = fstatSync(handle)
  if (!stats.isFile()) throw new KeyFileError(`${path} is not a file`, { problem: 'unsafe', path })
  const user = process.getuid?.()
  if (user !== undefined && (stats.uid !== user || (stats.mode & 0o077) !== 0)) {
    throw new KeyFileError(`others may use ${path}: it must be yours, mode 600`, {
      problem: 'unsafe',
      path,
    })
  }
  if (stats.size > MAX_FILE_BYTES) throw damaged(path)
}

function encode(bytes: Uint8Array): string {
  const checksum = sha256Hex(Buffer.concat([Buffer.from(FORMAT), bytes])).slice(0, 16)
  return `${FORMAT} ${Buffer.from(bytes).toString('base64url')} ${checksum}\n`
}

function decode(text: string, path: string): Uint8Array {
  const bytes = new Uint8Array(Buffer.from(text.split(' ')[1] ?? '', 'base64url'))
  // Only what we ourselves would have written, to the last byte, is a key file.
  if (bytes.length === 0 || encode(bytes) !== text) throw damaged(path)
  return bytes
}

function damaged(path: string): KeyFileError {
  return new KeyFileError(`${path} is damaged`, { problem: 'damaged', path })
}

/**
 * Removes temporary files that a crash left: once the key is there, none of them can become it. A process that is just
 * writing one loses it, and reads the key instead.
 */
function sweepTemporaries(path: string): void {
  const prefix = `${basename(path)}.`
  for (const name of readdirSync(dirname(path))) {
    if (name.startsWith(prefix) && name.endsWith('.tmp')) {
      rmSync(join(dirname(path), name), { force: true })
    }
  }
}

function hasCode(error: unknown, code: string): boolean {
  return error instanceof Error && 'code' in error && error.code === code
}

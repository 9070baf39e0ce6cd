import { randomBytes } from 'node:crypto'
import { closeSync, constants, existsSync, fsyncSync, openSync, writeSync } from 'node:fs'
import { dirname, resolve } from 'node:path'
import { checkPrivateFile, makeDirectories } from '../../store/directory/data-directory.ts'
import { readSmallFile } from '../../store/directory/read-small-file.ts'
import { RelayAccessError } from '../errors.ts'

/** Bytes of chance in a token that is made here: nobody guesses it. */
const TOKEN_BYTES = 32

/** Characters of a token, at least: whoever is asked to prove it can try words at leisure. */
const MIN_TOKEN = 22

/** Characters of a token, at most. */
const MAX_TOKEN = 256

export interface RelayToken {
  readonly token: string
  /** This call has made it: it is shown once. */
  readonly isNew: boolean
}

/**
 * Reads a relay's token from its file; where there is no file, makes a token and the file, for this user only.
 * @throws RelayAccessError if the file holds no token, or can't be read or written; DataDirectoryError if others may use it
 */
export function readOrMakeToken(path: string): RelayToken {
  const file = resolve(path)
  checkPrivateFile(file)
  try {
    return existsSync(file)
      ? { token: read(file), isNew: false }
      : { token: make(file), isNew: true }
  } catch (cause) {
    if (cause instanceof RelayAccessError) throw cause
    const why = cause instanceof Error ? cause.message : String(cause)
    throw new RelayAccessError(`the token file ${file} can't be used: ${why}`, { cause })
  }
}

/**
 * Reads a relay's token from its file.
 * @throws RelayAccessError if the file holds no token, or can't be read; DataDirectoryError if others may use it
 */
export function readToken(path: string): string {
  const file = resolve(path)
  checkPrivateFile(file)
  try {
    return read(file)
  } catch (cause) {
    if (cause instanceof RelayAccessError) throw cause
    const why = cause instanceof Error ? cause.message : String(cause)
    throw new RelayAccessError(`the token file ${file} can't be used: ${why}`, { cause })
  }
}

function read(file: string): string {
  const handle = openSync(file, constants.O_RDONLY | constants.O_NOFOLLOW)
  try {
    const token =
      readSmallFile(handle, MAX_TOKEN + 2)
        ?.toString('utf8')
        .trim() ?? ''
    if (/^[\x21-\x7e]*$/.test(token) && token.length >= MIN_TOKEN && token.length <= MAX_TOKEN) {
      return token
    }
    throw new RelayAccessError(
      `the token file ${file} must hold one word of ${MIN_TOKEN} to ${MAX_TOKEN} plain characters; where there is no file, a good one is made`,
    )
  } finally {
    closeSync(handle)
  }
}

function make(file: string): string {
  const token = randomBytes(TOKEN_BYTES).toString('base64url')
  makeDirectories(dirname(file))
  const handle = openSync(file, 'wx', 0o600)
  try {
    writeSync(handle, `${token}\n`)
    fsyncSync(handle)
  } finally {
    closeSync(handle)
  }
  return token
}

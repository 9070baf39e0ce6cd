import pg from 'pg'
import { DataDirectoryError } from '../../directory/data-directory.ts'
import { DatabaseSetupError, DatabaseUnreachableError } from './errors.ts'

/** SQLSTATEs, or their classes, of what passes by itself. */
const PASSING: readonly (readonly [string, string])[] = [
  ['57P03', 'is starting or stopping'],
  ['57P', 'was stopped'],
  ['53300', 'has no connection left'],
  ['53', 'has no room left'],
  ['25006', 'takes no writes just now'],
  ['57014', 'took too long'],
  ['55P03', 'took too long: another process holds the lock'],
  ['25P', 'gave up the transaction'],
  ['40', 'had to undo it: others were at the same'],
  ['08', 'lost the connection'],
  ['XX', 'has a fault'],
  ['58', 'has a fault of its system'],
]

/** The same of what a person has to put right. */
const STANDING: readonly (readonly [string, string])[] = [
  ['28', 'it does not let this user in: check user, password and pg_hba.conf'],
  ['3D000', 'it has no such database: create it first'],
  ['42501', 'this user lacks the rights for it'],
  ['42P01', 'there is no such table'],
  ['3F000', 'there is no such schema'],
  ['42', 'it does not know what taleus asks for: PostgreSQL 15 or newer is needed'],
]

/** pg's own errors have no code, but for these texts. */
const NO_TLS = 'The server does not support SSL connections'
const TEXTS: readonly (readonly [RegExp, string])[] = [
  [/timeout|timed out/i, 'did not answer in time'],
  [/terminated|ended|closed|not queryable/i, 'ended the connection'],
]

/** True if the server speaks no TLS. */
export function isWithoutTls(error: unknown): boolean {
  return error instanceof Error && error.message === NO_TLS
}

/** True for errors of this room: they say all there is to say. */
export function isKnown(error: unknown): error is DatabaseSetupError | DatabaseUnreachableError {
  return error instanceof DatabaseSetupError || error instanceof DatabaseUnreachableError
}

/**
 * Translates what pg has thrown. Of a server's message only the SQLSTATE is told: a message may quote a statement.
 * @param server `HOST:PORT/DATABASE`
 */
export function serverFailure(error: unknown, server: string): Error {
  // A file of passwords that others may read says so itself.
  if (isKnown(error) || error instanceof DataDirectoryError) return error
  const cause = bare(error)
  if (isWithoutTls(error))
    return new DatabaseSetupError('it speaks no TLS: add sslmode=disable if that is meant', {
      server,
      cause,
    })
  const code = codeOf(error)
  if (error instanceof pg.DatabaseError) {
    const passing = wordsFor(PASSING, code)
    if (passing !== undefined)
      return new DatabaseUnreachableError(`${passing} (${code})`, { server, cause })
    const standing = wordsFor(STANDING, code) ?? 'it could not do it'
    return new DatabaseSetupError(`${standing} (${code})`, { server, cause })
  }
  if (isTlsProblem(code))
    return new DatabaseSetupError(`its certificate is not good for it (${code})`, { server, cause })
  const text = error instanceof Error ? error.message : ''
  if (text.startsWith('SASL'))
    return new DatabaseSetupError('it did not take the password, or there is none', {
      server,
      cause,
    })
  const words = TEXTS.find(([pattern]) => pattern.test(text))?.[1] ?? 'could not be reached'
  const why = code === '' ? words : `could not be reached (${code})`
  return new DatabaseUnreachableError(why, { server, cause })
}

function wordsFor(table: typeof PASSING, code: string): string | undefined {
  return table.find(([start]) => code.startsWith(start))?.[1]
}

function isTlsProblem(code: string): boolean {
  return /^(?:ERR_TLS|ERR_SSL|CERT_|UNABLE_TO|DEPTH_ZERO|SELF_SIGNED|ERR_OSSL)/.test(code)
}

function codeOf(error: unknown): string {
  if (error instanceof AggregateError) return codeOf(error.errors[0])
  return error instanceof Error && 'code' in error && typeof error.code === 'string'
    ? error.code
    : ''
}

/** A cause that can be shown to anybody. */
function bare(error: unknown): Error {
  const code = codeOf(error)
  return new Error(code === '' && error instanceof Error ? error.message : `code ${code}`)
}

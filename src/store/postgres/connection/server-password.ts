import { closeSync, constants, openSync } from 'node:fs'
import { join } from 'node:path'
import { type PostgresAddress, serverName } from '../../../protocol/database/postgres-url.ts'
import { checkPrivateFile } from '../../directory/data-directory.ts'
import { readSmallFile } from '../../directory/read-small-file.ts'
import { DatabaseSetupError } from './errors.ts'

/** Bytes of a file of passwords, at most. */
const MAX_FILE = 65_536

export interface PasswordPlaces {
  /** A file that holds the password and nothing else. */
  readonly passwordFile?: string | undefined
  /** Where PGPASSWORD, PGPASSFILE and HOME are looked up. */
  readonly environment: Readonly<Record<string, string | undefined>>
}

/**
 * Finds the password of an address, first where taleus was told, then as libpq: PGPASSWORD, then the file that PGPASSFILE
 * names, then ~/.pgpass. Undefined if there is none: a server may want none.
 * @throws DatabaseSetupError if a file can't be read; DataDirectoryError if others may read it
 */
export function serverPassword(
  address: PostgresAddress,
  { passwordFile, environment }: PasswordPlaces,
): string | undefined {
  if (passwordFile !== undefined) {
    const text = readPrivate(address, passwordFile)
    if (text === undefined)
      throw new DatabaseSetupError(`${passwordFile} can't be read`, { server: serverName(address) })
    return text.replace(/\r?\n$/, '')
  }
  const { PGPASSWORD: word, PGPASSFILE: named, HOME: home } = environment
  if (word !== undefined && word !== '') return word
  const file = named || (home && join(home, '.pgpass'))
  const text = file ? readPrivate(address, file) : undefined
  return text === undefined ? undefined : passwordIn(text, address)
}

/** Finds the password in the text of such a file: `host:port:database:user:password`, `*` for any, `\` before `:` and `\`. */
export function passwordIn(
  text: string,
  { host, port, database, user }: PostgresAddress,
): string | undefined {
  const wanted = [host.startsWith('/') ? 'localhost' : host, String(port), database, user ?? '']
  for (const line of text.split(/\r?\n/)) {
    if (line.startsWith('#')) continue
    const fields = [...line.matchAll(/(?:^|:)((?:\\.|[^:\\])*)/g)].map(([, field = '']) =>
      field.replace(/\\(.)/g, '$1'),
    )
    const [password, ...more] = fields.slice(4)
    const fits = wanted.every((each, place) => fields[place] === '*' || fields[place] === each)
    if (fits && password !== undefined) return [password, ...more].join(':')
  }
  return undefined
}

function readPrivate(address: PostgresAddress, path: string): string | undefined {
  checkPrivateFile(path)
  let handle: number
  try {
    handle = openSync(path, constants.O_RDONLY | constants.O_NONBLOCK)
  } catch {
    return undefined
  }
  try {
    const text = readSmallFile(handle, MAX_FILE)?.toString('utf8')
    if (text !== undefined) return text
    throw new DatabaseSetupError(`${path} is too large`, { server: serverName(address) })
  } finally {
    closeSync(handle)
  }
}

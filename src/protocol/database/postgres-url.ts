import { compact } from '../base/compact.ts'
import { PostgresUrlError } from '../errors.ts'

/** How a connection is encrypted, and the server checked: the words of libpq, but for `allow`. */
export const SSL_MODES = ['disable', 'prefer', 'require', 'verify-ca', 'verify-full'] as const
export type SslMode = (typeof SSL_MODES)[number]

/** A database of a PostgreSQL server, as its URL names it. No password is part of it. */
export interface PostgresAddress {
  /** A name, an IP address without brackets, or the folder of a socket, which starts with a slash. */
  readonly host: string
  readonly port: number
  readonly database: string
  readonly user?: string
  /** @default none was named */
  readonly sslMode?: SslMode
  /** Files: certificates to trust, and those to show. `sslrootcert=system` is the computer's own. */
  readonly files: Readonly<Partial<Record<SslFile, string>>>
  /** The schema that is looked into first. */
  readonly schema?: string
}

const SSL_FILES = ['sslrootcert', 'sslcert', 'sslkey'] as const
type SslFile = (typeof SSL_FILES)[number]

const SCHEMES = new Set(['postgres:', 'postgresql:'])
const USUAL_PORT = 5_432
const SEARCH_PATH = /^-c ?search_path=(?<schema>[a-z_][a-z0-9_]{0,62})$/
/** A name, an address, or the folder of a socket. */
const HOST = /^(?:[\w.:-]+|\/[\x21-\x7e]+)$/
/** Characters of the whole, as in a message. */
const MAX_URL = 1_024

/**
 * Reads `postgres://[user@]host[:port]/database[?sslmode=…]`, as libpq takes it.
 * @throws PostgresUrlError, which repeats nothing of the text: somebody may have put a password there
 */
export function parsePostgresUrl(text: string): PostgresAddress {
  const url = asUrl(text)
  if (url.password !== '') throw withPassword()
  const found = parameters(url)
  const database = decoded(url.pathname.slice(1))
  if (database === '')
    throw new PostgresUrlError('it must name a database: postgres://host/DATABASE')
  const host = found.get('host') ?? hostOf(url)
  if (!HOST.test(host))
    throw new PostgresUrlError('it must name one host: postgres://HOST/database')
  const user = url.username === '' ? found.get('user') : decoded(url.username)
  const files = SSL_FILES.flatMap((name) => {
    const file = found.get(name)
    return file === undefined ? [] : [[name, file] as const]
  })
  return compact({
    host,
    port: portOf(url, found),
    database,
    user,
    sslMode: sslModeOf(found.get('sslmode')),
    files: Object.fromEntries(files),
    schema: schemaOf(found.get('options')),
  })
}

/** Writes the address as `parsePostgresUrl` and libpq read it. */
export function formatPostgresUrl(address: PostgresAddress): string {
  const { host, port, database, user, sslMode, files, schema } = address
  const isSocket = host.startsWith('/')
  const who = user === undefined ? '' : `${encodeURIComponent(user)}@`
  const bracketed = host.includes(':') ? `[${host}]` : host
  const where = isSocket ? '' : `${bracketed}:${port}`
  const parts = [
    ...(isSocket
      ? [
          ['host', host],
          ['port', String(port)],
        ]
      : []),
    ...(sslMode === undefined ? [] : [['sslmode', sslMode]]),
    ...Object.entries(files),
    ...(schema === undefined ? [] : [['options', `-csearch_path=${schema}`]]),
  ].map(([name = '', value = '']) => `${name}=${encodeURIComponent(value)}`)
  const query = parts.length === 0 ? '' : `?${parts.join('&')}`
  return `postgres://${who}${where}/${encodeURIComponent(database)}${query}`
}

function asUrl(text: string): URL {
  const trimmed = text.trim()
  const isPlain = trimmed.length <= MAX_URL && /^[\x21-\x7e]+$/.test(trimmed)
  // A socket's URL has no host, and a URL with a user must have one.
  const url = isPlain ? URL.parse(trimmed.replace(/^(\w+:\/\/[^@/]+@)\//, '$1localhost/')) : null
  if (url !== null && SCHEMES.has(url.protocol)) return url
  throw new PostgresUrlError('write it like postgres://user@host:5432/database')
}

const KNOWN = new Set<string>(['host', 'port', 'user', 'sslmode', 'options', ...SSL_FILES])

function parameters({ searchParams, hash }: URL): ReadonlyMap<string, string> {
  const found = new Map<string, string>()
  for (const [name, value] of searchParams) {
    if (name === 'password' || name === 'passfile') throw withPassword()
    if (!KNOWN.has(name) || found.has(name))
      throw new PostgresUrlError(`of parameters it takes ${[...KNOWN].join(', ')}, each once`)
    found.set(name, value)
  }
  if (hash !== '') throw new PostgresUrlError('a # in it must be written %23')
  return found
}

function withPassword(): PostgresUrlError {
  return new PostgresUrlError(
    'a password must not be in it: others see it in process lists, settings and logs',
    { problem: 'password' },
  )
}

/** Hosts are opaque in such URLs: nothing was decoded or put in order. */
function hostOf({ hostname }: URL): string {
  const host = decoded(hostname)
  return host.startsWith('[') ? host.slice(1, -1) : host
}

function portOf(url: URL, found: ReadonlyMap<string, string>): number {
  const text = found.get('port') ?? url.port
  const port = text === '' ? USUAL_PORT : Number(text)
  if (Number.isInteger(port) && port > 0 && port < 65_536) return port
  throw new PostgresUrlError('its port is a number from 1 to 65535')
}

function sslModeOf(text: string | undefined): SslMode | undefined {
  const mode = SSL_MODES.find((each) => each === text)
  if (text === undefined || mode !== undefined) return mode
  throw new PostgresUrlError(`sslmode is one of ${SSL_MODES.join(', ')}`)
}

function schemaOf(options: string | undefined): string | undefined {
  const schema = options === undefined ? undefined : SEARCH_PATH.exec(options)?.groups?.['schema']
  if (options === undefined || schema !== undefined) return schema
  throw new PostgresUrlError('options can only be -csearch_path=SCHEMA')
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text)
  } catch (cause) {
    throw new PostgresUrlError('a % in it must be written %25', { cause })
  }
}

/** Names a server to people: `HOST:PORT/DATABASE`. */
export function serverName({ host, port, database }: PostgresAddress): string {
  return `${host}:${port}/${database}`
}

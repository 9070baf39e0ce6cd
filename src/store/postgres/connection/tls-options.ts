import { closeSync, constants, openSync } from 'node:fs'
import { isIP } from 'node:net'
import type { ConnectionOptions } from 'node:tls'
import { compact } from '../../../protocol/base/compact.ts'
import {
  type PostgresAddress,
  type SslMode,
  serverName,
} from '../../../protocol/database/postgres-url.ts'
import { readSmallFile } from '../../directory/read-small-file.ts'
import { DatabaseSetupError } from './errors.ts'

/** Bytes of a file of certificates, at most: the list of a whole operating system has 250 KB. */
const MAX_CERTIFICATES = 1_048_576

/**
 * Returns the mode that counts. Without a word nothing goes over a network in the clear, where libpq would fall back to
 * that; on this computer it is as with libpq.
 */
export function sslModeOf({ sslMode, host, files }: PostgresAddress): SslMode {
  const root = files.sslrootcert
  // As libpq: the computer's own certificates are only good for names.
  if (root === 'system') return 'verify-full'
  const mode = sslMode ?? (isThisComputer(host) ? 'prefer' : 'require')
  return mode === 'require' && root !== undefined ? 'verify-ca' : mode
}

/**
 * Returns what Node's TLS is told; undefined for none.
 * @throws DatabaseSetupError if a file of certificates can't be read
 */
export function tlsOptions(address: PostgresAddress): ConnectionOptions | undefined {
  const mode = sslModeOf(address)
  // A socket of this computer has no TLS, and needs none.
  if (mode === 'disable' || address.host.startsWith('/')) return undefined
  const { sslrootcert, sslcert, sslkey } = address.files
  const read = (path: string | undefined) => path && certificates(address, path)
  return compact({
    ca: sslrootcert === 'system' ? undefined : read(sslrootcert),
    cert: read(sslcert),
    key: read(sslkey),
    rejectUnauthorized: mode === 'verify-ca' || mode === 'verify-full',
    checkServerIdentity: mode === 'verify-full' ? undefined : () => undefined,
    servername: isIP(address.host) === 0 ? address.host : undefined,
  })
}

function certificates(address: PostgresAddress, path: string): string {
  try {
    const handle = openSync(path, constants.O_RDONLY | constants.O_NONBLOCK)
    try {
      const text = readSmallFile(handle, MAX_CERTIFICATES)?.toString('utf8')
      if (text !== undefined) return text
    } finally {
      closeSync(handle)
    }
  } catch (cause) {
    throw new DatabaseSetupError(`${path} can't be read`, { server: serverName(address), cause })
  }
  throw new DatabaseSetupError(`${path} is too large`, { server: serverName(address) })
}

/** True for what never leaves this computer. */
function isThisComputer(host: string): boolean {
  return host.startsWith('/') || host === 'localhost' || host === '::1' || /^127\./.test(host)
}

import { lookup } from 'node:dns/promises'
import { BlockList, isIP } from 'node:net'
import pg from 'pg'
import { type PostgresAddress, serverName } from '../../protocol/database/postgres-url.ts'
import { clientConfig } from '../../store/postgres/connection/client-config.ts'
import { DatabaseSetupError } from '../../store/postgres/connection/errors.ts'
import {
  isKnown,
  isWithoutTls,
  serverFailure,
} from '../../store/postgres/connection/server-failure.ts'
import { sslModeOf } from '../../store/postgres/connection/tls-options.ts'
import { type AskServer, OUTSIDE_BOUNDS } from './admin-database.ts'
import { containStream } from './contained-stream.ts'

/** Addresses at which no database is: a partner that names one wants something else of this computer. */
const NEVER = new BlockList()
NEVER.addSubnet('0.0.0.0', 8, 'ipv4')
NEVER.addSubnet('169.254.0.0', 16, 'ipv4')
NEVER.addSubnet('224.0.0.0', 3, 'ipv4')
NEVER.addSubnet('fe80::', 10, 'ipv6')
NEVER.addSubnet('ff00::', 8, 'ipv6')
NEVER.addAddress('::', 'ipv6')

/** A party's way into its tally's database. */
export interface PartyAccess {
  readonly address: PostgresAddress
  readonly user: string
  readonly password: string
}

/**
 * Does this work as a party, in one transaction, on a connection of its own.
 * @throws DatabaseUnreachableError, DatabaseSetupError; the signal's reason, what the work throws
 */
export async function asParty<Result>(
  access: PartyAccess,
  signal: AbortSignal,
  work: (ask: AskServer) => Promise<Result>,
): Promise<Result> {
  const server = serverName(access.address)
  signal.throwIfAborted()
  try {
    const { host } = access.address
    const at = { ...access, reachedAt: host.startsWith('/') ? host : await whereIs(access.address) }
    signal.throwIfAborted()
    try {
      return await once(at, true, signal, work)
    } catch (error) {
      if (!isWithoutTls(error) || sslModeOf(access.address) !== 'prefer') throw error
      return await once(at, false, signal, work)
    }
  } catch (error) {
    if (signal.aborted) throw signal.reason
    const isOurs =
      error instanceof Error && error.name !== 'Error' && !(error instanceof pg.DatabaseError)
    throw isOurs && !isSystemError(error) ? error : serverFailure(error, server)
  }
}

/** Looks the host up once, so that what was judged is what is dialled. */
async function whereIs(address: PostgresAddress): Promise<string> {
  const { host } = address
  const found = isIP(host) === 0 ? (await lookup(host)).address : host
  if (!NEVER.check(found, isIP(found) === 6 ? 'ipv6' : 'ipv4')) return found
  throw new DatabaseSetupError('there is no database at such an address', {
    server: serverName(address),
  })
}

interface Located extends PartyAccess {
  /** The address that its host has. */
  readonly reachedAt: string
}

async function once<Result>(
  { address, user, password, reachedAt }: Located,
  withTls: boolean,
  signal: AbortSignal,
  work: (ask: AskServer) => Promise<Result>,
): Promise<Result> {
  const config = clientConfig({ address: { ...address, user }, password: () => password, withTls })
  const client = new pg.Client({ ...config, host: reachedAt, options: '' })
  client.on('error', () => undefined)
  const proof = watchProof(client, serverName(address))
  // With TLS the stream is another one from then on.
  const { connection } = client
  const contain = (): void => containStream(connection.stream, serverName(address))
  connection.on(config.ssl === false ? 'connect' : 'sslconnect', contain)
  const end = (): void => void client.end().catch(() => undefined)
  signal.addEventListener('abort', end, { once: true })
  try {
    await proof.during(client.connect())
    await client.query(`BEGIN; ${OUTSIDE_BOUNDS}`)
    const result = await work(async (sql, values = []) => {
      signal.throwIfAborted()
      return (await client.query({ text: sql, values: [...values] })).rows
    })
    const { command } = await client.query('COMMIT')
    if (command !== 'COMMIT') throw new Error(`the transaction ended by ${command}`)
    return result
  } finally {
    signal.removeEventListener('abort', end)
    end()
  }
}

/**
 * A server that knows the credential proves that it does, by SCRAM. One that asks for the password itself is not given it,
 * and one that asks for nothing may be anybody.
 */
function watchProof(client: pg.Client, server: string) {
  const { connection } = client
  let isProven = false
  let asksForPassword = false
  const hangUp = (): void => {
    asksForPassword = true
    connection.stream.destroy()
  }
  connection.on('authenticationSASLFinal', () => {
    isProven = true
  })
  connection.on('authenticationCleartextPassword', hangUp)
  connection.on('authenticationMD5Password', hangUp)
  return {
    during: async (connecting: Promise<unknown>): Promise<void> => {
      try {
        await connecting
      } catch (cause) {
        if (asksForPassword) throw new DatabaseSetupError(NO_PROOF, { server, cause })
        throw cause
      }
      if (!isProven) throw new DatabaseSetupError(NO_PROOF, { server })
    },
  }
}

const NO_PROOF = 'it did not prove that it knows the credential (SCRAM)'

function isSystemError(error: Error): boolean {
  return !isKnown(error) && 'code' in error && 'syscall' in error
}

import type { ClientConfig, QueryConfig } from 'pg'
import type { PostgresAddress } from '../../../protocol/database/postgres-url.ts'
import { tlsOptions } from './tls-options.ts'

/** The time that a connection may take, ms: a step of a session has 5 s. */
const CONNECT_TIMEOUT_MS = 4_000

/** The time that one statement may take by this side's clock, ms: a COMMIT can wait for ever for a lost standby. */
const QUERY_TIMEOUT_MS = 8_000

/** The same by the server's clock, ms: sooner, so that it is the server that says so. */
const STATEMENT_TIMEOUT_MS = 6_000

/**
 * Bounds on the server's side of one transaction, and where it looks names up.
 * @param searchPath as SQL takes it
 * @param idleMs how long this side may leave it standing
 */
export function transactionBounds(searchPath: string, idleMs: number = QUERY_TIMEOUT_MS): string {
  return [
    `SET LOCAL statement_timeout = ${STATEMENT_TIMEOUT_MS}`,
    `SET LOCAL lock_timeout = ${STATEMENT_TIMEOUT_MS}`,
    `SET LOCAL idle_in_transaction_session_timeout = ${idleMs}`,
    `SET LOCAL search_path = ${searchPath}`,
  ].join('; ')
}

/** Makes a statement that may take so long, ms. pg takes that for a single one, and its types don't say so. */
export function patientQuery(text: string, ms: number): QueryConfig {
  const query = { text, query_timeout: ms }
  return query
}

export interface ClientOptions {
  readonly address: PostgresAddress
  readonly password: () => string | undefined
  /** False: without TLS, since this server has none and the mode permits that. */
  readonly withTls: boolean
  /** The time that one statement may take by this side's clock, ms. @default QUERY_TIMEOUT_MS */
  readonly queryMs?: number | undefined
}

/**
 * Makes what pg is told. Whatever could be left out is said: pg would take it from the environment.
 * @throws DatabaseSetupError if a file of certificates can't be read
 */
export function clientConfig({
  address,
  password,
  withTls,
  queryMs = QUERY_TIMEOUT_MS,
}: ClientOptions): ClientConfig {
  const { host, port, database, user } = address
  const tls = withTls ? tlsOptions(address) : undefined
  return {
    host,
    port,
    database,
    ...(user === undefined ? {} : { user }),
    password: async () => password() ?? '',
    ssl: tls ?? false,
    application_name: 'taleus',
    connectionTimeoutMillis: CONNECT_TIMEOUT_MS,
    query_timeout: queryMs,
    keepAlive: true,
  }
}

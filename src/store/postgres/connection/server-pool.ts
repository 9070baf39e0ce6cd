import pg from 'pg'
import { type PostgresAddress, serverName } from '../../../protocol/database/postgres-url.ts'
import { type ClientOptions, clientConfig } from './client-config.ts'
import { isWithoutTls, serverFailure } from './server-failure.ts'
import { sslModeOf } from './tls-options.ts'

/** Connections of one process to one server: a server has 100 for everybody unless told otherwise. */
const MAX_CONNECTIONS = 8

/** An idle connection is given back after so many ms. */
const IDLE_MS = 10_000

export interface ServerPoolInit extends Pick<ClientOptions, 'address' | 'password' | 'queryMs'> {
  /** How values of columns become values here. @default as pg has it */
  readonly types?: pg.CustomTypesConfig
  /** Statements are sent without waiting for the answer to those before them. @default false */
  readonly pipeline?: boolean
}

/** Connections to one database as one user, with TLS as the address wants it. */
export class ServerPool {
  readonly address: PostgresAddress
  readonly #password: () => string | undefined
  readonly #more: pg.PoolConfig
  readonly #queryMs: number | undefined
  #withTls = true
  #pool: pg.Pool | undefined

  constructor({ address, password, types, pipeline = false, queryMs }: ServerPoolInit) {
    this.address = address
    this.#queryMs = queryMs
    this.#password = password
    this.#more = { pipeline, ...(types === undefined ? {} : { types }) }
  }

  /** `HOST:PORT/DATABASE`. */
  get name(): string {
    return serverName(this.address)
  }

  /**
   * Returns a connection that nobody else uses. Release it.
   * @throws DatabaseUnreachableError, DatabaseSetupError; the signal's reason
   */
  async connected(signal?: AbortSignal): Promise<pg.PoolClient> {
    for (;;) {
      this.#pool ??= this.#newPool()
      const pool = this.#pool
      const withTls = this.#withTls
      try {
        return await free(pool, signal)
      } catch (error) {
        signal?.throwIfAborted()
        const mayGoWithout = withTls && sslModeOf(this.address) === 'prefer'
        if (!isWithoutTls(error) || !mayGoWithout) throw serverFailure(error, this.name)
        // Of several that find out at once, one changes it for all.
        if (this.#pool === pool) await this.#goWithoutTls()
      }
    }
  }

  /** Closes all connections, as soon as they are free. */
  async close(): Promise<void> {
    const pool = this.#pool
    this.#pool = undefined
    await pool?.end()
  }

  async #goWithoutTls(): Promise<void> {
    this.#withTls = false
    await this.close()
  }

  #newPool(): pg.Pool {
    const { address } = this
    const options = {
      address,
      password: this.#password,
      withTls: this.#withTls,
      queryMs: this.#queryMs,
    }
    const pool = new pg.Pool({
      ...clientConfig(options),
      ...this.#more,
      max: MAX_CONNECTIONS,
      idleTimeoutMillis: IDLE_MS,
      allowExitOnIdle: true,
    })
    // A connection that breaks while nobody uses it is no event: the next one is opened anew.
    pool.on('error', () => undefined)
    // One that breaks in the middle of a transaction fails the query; the event would end the process.
    pool.on('connect', (client) => client.on('error', () => undefined))
    return pool
  }
}

/** Commits. The COMMIT of a transaction that has failed *resolves*, and says ROLLBACK. @throws what pg throws */
export async function commit(client: pg.ClientBase): Promise<void> {
  const { command } = await client.query('COMMIT')
  if (command !== 'COMMIT') throw new Error(`the transaction ended by ${command}`)
}

/** Waits for a connection no longer than the signal lasts; one that comes too late goes back. */
async function free(pool: pg.Pool, signal: AbortSignal | undefined): Promise<pg.PoolClient> {
  const connecting = pool.connect()
  if (signal === undefined) return connecting
  const { promise: aborted, reject } = Promise.withResolvers<never>()
  const abort = (): void => reject(signal.reason)
  signal.addEventListener('abort', abort, { once: true })
  try {
    return await Promise.race([connecting, aborted])
  } catch (error) {
    connecting.then(
      (client) => client.release(),
      () => undefined,
    )
    throw error
  } finally {
    signal.removeEventListener('abort', abort)
  }
}

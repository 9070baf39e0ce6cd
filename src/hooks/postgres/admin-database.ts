import pg from 'pg'
import { type PostgresAddress, serverName } from '../../protocol/database/postgres-url.ts'
import { type ClientOptions, clientConfig, SESSION_BOUNDS } from './client-config.ts'
import { isWithoutTls, serverFailure } from './server-failure.ts'
import { sslModeOf } from './tls-options.ts'

/** Connections of one process to one server: a server has 100 for everybody unless told otherwise. */
const MAX_CONNECTIONS = 8

/** An idle connection is given back after so many ms. */
const IDLE_MS = 10_000

/** Asks the server within a transaction. */
export type AskServer = (sql: string, values?: readonly unknown[]) => Promise<readonly ServerRow[]>
export type ServerRow = Readonly<Record<string, unknown>>

/** The administrator's connections to one database. */
export class AdminDatabase {
  readonly address: PostgresAddress
  readonly #password: () => string | undefined
  #withTls = true
  #pool: pg.Pool | undefined

  constructor({ address, password }: Pick<ClientOptions, 'address' | 'password'>) {
    this.address = address
    this.#password = password
  }

  /** `HOST:PORT/DATABASE`. */
  get name(): string {
    return serverName(this.address)
  }

  /**
   * Does this work in one transaction. It is undone if the work throws, or if the signal is aborted before its end is sent;
   * after that it may be there although this rejects.
   * @throws DatabaseUnreachableError, DatabaseSetupError; the signal's reason, what the work throws
   */
  async transact<Result>(
    signal: AbortSignal,
    work: (ask: AskServer) => Promise<Result>,
  ): Promise<Result> {
    signal.throwIfAborted()
    const client = await this.#connected(signal)
    // A connection that is given up in the middle is closed, and the server undoes what was done on it.
    const abort = (): void => void client.end().catch(() => undefined)
    signal.addEventListener('abort', abort, { once: true })
    let isClean = false
    try {
      const ask: AskServer = async (sql, values = []) => {
        signal.throwIfAborted()
        return (await client.query({ text: sql, values: [...values] })).rows
      }
      await client.query(`BEGIN ISOLATION LEVEL READ COMMITTED; ${SESSION_BOUNDS}`)
      const result = await work(ask)
      signal.throwIfAborted()
      await this.#commit(client)
      isClean = true
      return result
    } catch (error) {
      throw signal.aborted ? signal.reason : this.#failure(error)
    } finally {
      signal.removeEventListener('abort', abort)
      client.release(!isClean)
    }
  }

  /** Closes all connections, as soon as they are free. */
  async close(): Promise<void> {
    const pool = this.#pool
    this.#pool = undefined
    await pool?.end()
  }

  /** The COMMIT of a transaction that has failed *resolves*, and says ROLLBACK. */
  async #commit(client: pg.PoolClient): Promise<void> {
    const { command } = await client.query('COMMIT')
    if (command !== 'COMMIT') throw new Error(`the transaction ended by ${command}`)
  }

  async #connected(signal: AbortSignal): Promise<pg.PoolClient> {
    for (;;) {
      this.#pool ??= this.#newPool()
      const pool = this.#pool
      const withTls = this.#withTls
      try {
        return await free(pool, signal)
      } catch (error) {
        if (signal.aborted) throw signal.reason
        const mayGoWithout = withTls && sslModeOf(this.address) === 'prefer'
        if (!isWithoutTls(error) || !mayGoWithout) throw serverFailure(error, this.name)
        // Of several that find out at once, one changes it for all.
        if (this.#pool === pool) await this.#goWithoutTls()
      }
    }
  }

  async #goWithoutTls(): Promise<void> {
    this.#withTls = false
    await this.close()
  }

  #newPool(): pg.Pool {
    const options = { address: this.address, password: this.#password, withTls: this.#withTls }
    const pool = new pg.Pool({
      ...clientConfig(options),
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

  #failure(error: unknown): unknown {
    const isServers = error instanceof pg.DatabaseError || isOfPg(error)
    return isServers ? serverFailure(error, this.name) : error
  }
}

/** Waits for a connection no longer than the signal lasts; one that comes too late goes back. */
async function free(pool: pg.Pool, signal: AbortSignal): Promise<pg.PoolClient> {
  const connecting = pool.connect()
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

/** Errors of pg and of sockets have no class of their own; those of ours have a name. */
function isOfPg(error: unknown): boolean {
  return error instanceof Error && (error.name === 'Error' || error.name === 'AggregateError')
}

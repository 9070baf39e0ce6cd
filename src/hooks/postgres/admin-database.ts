import pg from 'pg'
import { transactionBounds } from '../../store/postgres/connection/client-config.ts'
import { serverFailure } from '../../store/postgres/connection/server-failure.ts'
import {
  commit,
  ServerPool,
  type ServerPoolInit,
} from '../../store/postgres/connection/server-pool.ts'

/** Asks the server within a transaction. */
export type AskServer = (sql: string, values?: readonly unknown[]) => Promise<readonly ServerRow[]>
export type ServerRow = Readonly<Record<string, unknown>>

/** Names are looked up there only: whoever may make tables could put their own in the way. */
export const OUTSIDE_BOUNDS: string = transactionBounds('pg_catalog')

/** The administrator's connections to one database. */
export class AdminDatabase {
  readonly #pool: ServerPool

  constructor({ address, password }: Pick<ServerPoolInit, 'address' | 'password'>) {
    this.#pool = new ServerPool({ address, password })
  }

  get address(): ServerPool['address'] {
    return this.#pool.address
  }

  /** `HOST:PORT/DATABASE`. */
  get name(): string {
    return this.#pool.name
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
    const client = await this.#pool.connected(signal)
    // A connection that is given up in the middle is closed, and the server undoes what was done on it.
    const abort = (): void => void client.end().catch(() => undefined)
    signal.addEventListener('abort', abort, { once: true })
    let isClean = false
    try {
      const ask: AskServer = async (sql, values = []) => {
        signal.throwIfAborted()
        return (await client.query({ text: sql, values: [...values] })).rows
      }
      await client.query(`BEGIN ISOLATION LEVEL READ COMMITTED; ${OUTSIDE_BOUNDS}`)
      const result = await work(ask)
      signal.throwIfAborted()
      await commit(client)
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
  close(): Promise<void> {
    return this.#pool.close()
  }

  #failure(error: unknown): unknown {
    const isServers = error instanceof pg.DatabaseError || isOfPg(error)
    return isServers ? serverFailure(error, this.name) : error
  }
}

/** Errors of pg and of sockets have no class of their own; those of ours have a name. */
function isOfPg(error: unknown): boolean {
  return error instanceof Error && (error.name === 'Error' || error.name === 'AggregateError')
}

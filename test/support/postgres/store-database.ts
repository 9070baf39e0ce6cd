import { randomUUID } from 'node:crypto'
import type pg from 'pg'
import { parsePostgresUrl } from '../../../src/protocol/database/postgres-url.ts'
import {
  openStoreDatabase,
  type StoreDatabase,
} from '../../../src/store/postgres/open-store-database.ts'
import type { EmbeddedPostgres } from './embedded-postgres.ts'

/** A schema for one test's store. Nothing is in it. */
export interface StoreSchema {
  readonly schema: string
  readonly url: string
  /** Opens the store as a node. It is closed with the schema. */
  open(peerId?: string): Promise<StoreDatabase>
  /** Asks as the administrator, in this schema. */
  query<Row extends pg.QueryResultRow>(sql: string): Promise<Row[]>
  /** Closes what was opened, and removes the schema. */
  dispose(): Promise<void>
}

/** @param port where the server is dialled, if not at its own port @param schema one that is there, by default a new one */
export function storeSchema(
  server: EmbeddedPostgres,
  port: number = server.port,
  schema = `store_${randomUUID().replaceAll('-', '')}`,
): StoreSchema {
  const options = encodeURIComponent(`-csearch_path=${schema}`)
  const url = `${server.url().replace(`:${server.port}/`, `:${port}/`)}?options=${options}`
  const opened: StoreDatabase[] = []
  const query = <Row extends pg.QueryResultRow>(sql: string): Promise<Row[]> =>
    asking(server, async (client) => {
      await client.query(`SET search_path = ${schema}`)
      return (await client.query<Row>(sql)).rows
    })
  return {
    schema,
    url,
    open: async (peerId = 'peer-1') => {
      const address = parsePostgresUrl(url)
      const password = () => server.password
      const store = await openStoreDatabase({ address, password, party: 'party', peerId })
      opened.push(store)
      return store
    },
    query,
    dispose: async () => {
      for (const each of opened) await each.close()
      await query(`DROP SCHEMA IF EXISTS ${schema} CASCADE`)
    },
  }
}

async function asking<Result>(
  server: EmbeddedPostgres,
  work: (client: pg.Client) => Promise<Result>,
): Promise<Result> {
  const client = await server.connect()
  try {
    return await work(client)
  } finally {
    await client.end()
  }
}

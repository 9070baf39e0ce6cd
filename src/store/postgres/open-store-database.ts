import type { PostgresAddress } from '../../protocol/database/postgres-url.ts'
import { STORE_TYPES } from './connection/column-values.ts'
import { ServerPool } from './connection/server-pool.ts'
import { storeFailure } from './connection/store-failure.ts'
import { type StorePlace, storePlace } from './connection/store-place.ts'
import { NodeHead, type OwnNode } from './node/node-head.ts'
import { joinNode } from './node/nodes.ts'
import { PostgresQueries } from './records/postgres-queries.ts'
import { migrateSchema } from './schema/migrate-schema.ts'

export interface StoreDatabaseInit {
  readonly address: PostgresAddress
  /** Asked at each connection. @throws what is shown to people */
  readonly password: () => string | undefined
  /** The key of this node. */
  readonly peerId: string
}

/** A store in PostgreSQL, as one node sees it. */
export interface StoreDatabase {
  readonly pool: ServerPool
  readonly place: StorePlace
  readonly own: OwnNode
  readonly head: NodeHead
  readonly records: PostgresQueries
  close(): Promise<void>
}

/**
 * Opens the store on a server, makes it if there is none, brings its schema up to date, and joins it as a node.
 * @throws StoreNewerError, StoreInUseError, StoreDamagedError, StoreError
 */
export async function openStoreDatabase({
  address,
  password,
  peerId,
}: StoreDatabaseInit): Promise<StoreDatabase> {
  const place = storePlace(address)
  const pool = new ServerPool({ address, password, types: STORE_TYPES, pipeline: true })
  try {
    const client = await pool.connected()
    let node: number | undefined
    try {
      await migrateSchema(client, place)
      node = await joinNode(client, place, peerId)
    } finally {
      // One that has failed may be in the middle of a transaction.
      client.release(node === undefined)
    }
    const own = { node }
    const head = new NodeHead(place, own)
    const records = new PostgresQueries({ pool, place, own, head })
    return { pool, place, own, head, records, close: () => pool.close() }
  } catch (error) {
    await pool.close()
    throw storeFailure(error, place)
  }
}

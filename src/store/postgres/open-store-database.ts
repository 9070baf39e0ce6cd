import type { PostgresAddress } from '../../protocol/database/postgres-url.ts'
import { STORE_TYPES } from './connection/column-values.ts'
import { ServerPool } from './connection/server-pool.ts'
import { storeFailure } from './connection/store-failure.ts'
import { type StorePlace, storePlace } from './connection/store-place.ts'
import { type JoinedStore, joinStore, type StoreUser } from './node/join-store.ts'
import { NodeHead, StoreNode } from './node/node-head.ts'
import { NodeLease, type NodeLeaseInit } from './node/node-lease.ts'
import { PostgresQueries } from './records/postgres-queries.ts'
import { migrateSchema } from './schema/migrate-schema.ts'

/** The time that a renewal of a lease may take at least, ms: it may wait for a change that is alone on the server. */
const MIN_RENEWAL_MS = 1_000

export interface StoreDatabaseInit extends StoreUser {
  readonly address: PostgresAddress
  /** Asked at each connection. @throws what is shown to people */
  readonly password: () => string | undefined
}

/** A store in PostgreSQL, as one node sees it. */
export interface StoreDatabase {
  readonly pool: ServerPool
  readonly place: StorePlace
  readonly own: StoreNode
  readonly head: NodeHead
  readonly records: PostgresQueries
  /** Makes a hold on the node, for a process that listens; it is not taken yet. */
  lease(options: Pick<NodeLeaseInit, 'leaseMs' | 'memory'>): NodeLease
  /** The store's own id. */
  readonly storeId: string
  close(): Promise<void>
}

/**
 * Opens the store on a server, makes it if there is none, brings its schema up to date, and joins it as a node.
 * @throws StoreOwnerError if it is another party's; StoreNewerError, StoreInUseError, StoreDamagedError, StoreError
 */
export async function openStoreDatabase({
  address,
  password,
  ...user
}: StoreDatabaseInit): Promise<StoreDatabase> {
  const place = storePlace(address)
  const pool = new ServerPool({ address, password, types: STORE_TYPES, pipeline: true })
  try {
    const client = await pool.connected()
    let joined: JoinedStore | undefined
    try {
      await migrateSchema(client, place, user.storeId === undefined)
      joined = await joinStore(client, place, user)
    } finally {
      // One that has failed may be in the middle of a transaction.
      client.release(joined === undefined)
    }
    const { node, storeId } = joined
    const own = new StoreNode(node)
    const head = new NodeHead(place, own)
    const records = new PostgresQueries({ pool, place, own, head })
    const database = { storeId, place, own, head, records }
    const lease: StoreDatabase['lease'] = (options) => {
      const queryMs = Math.max(MIN_RENEWAL_MS, options.leaseMs)
      const leased = new ServerPool({ address, password, types: STORE_TYPES, queryMs })
      return new NodeLease({ database, pool: leased, ...options })
    }
    return { ...database, pool, lease, close: () => pool.close() }
  } catch (error) {
    await pool.close()
    throw storeFailure(error, place)
  }
}

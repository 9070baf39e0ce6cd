import { randomBytes } from 'node:crypto'
import type pg from 'pg'
import { GENESIS } from '../../../audit/record/chain.ts'
import { StoreCarriedError, StoreDamagedError, StoreOwnerError } from '../../errors.ts'
import { STORE_FACTS } from '../../records/meta-records.ts'
import { integer, optionalText } from '../../row/row.ts'
import { commit } from '../connection/server-pool.ts'
import type { StorePlace } from '../connection/store-place.ts'
import { SERVER_NOW } from './nodes.ts'
import { beginning, NO_NODE, WRITE_ALONE } from './store-transaction.ts'

/** The party and the node that open a store. */
export interface StoreUser {
  /** Peer id of the party, which the store belongs to. */
  readonly party: string
  /** Peer id of the node's own key. */
  readonly peerId: string
  /** The id of the store that is expected there. @default any that is this party's, also a new one */
  readonly storeId?: string | undefined
}

/** The store that was joined. */
export interface JoinedStore {
  readonly node: number
  /** The store's own id. */
  readonly storeId: string
}

const LOOK = `
  SELECT (SELECT value FROM meta WHERE name = '${STORE_FACTS.id}') AS id,
    (SELECT value FROM meta WHERE name = '${STORE_FACTS.owner}') AS owner,
    (SELECT value FROM meta WHERE name = '${STORE_FACTS.carriedTo}') AS carried_to,
    (SELECT node FROM nodes WHERE peer_id = $1) AS node`

const BIND = `
  INSERT INTO meta (name, value) VALUES ('${STORE_FACTS.id}', $1), ('${STORE_FACTS.owner}', $2)
  ON CONFLICT (name) DO NOTHING`

const JOIN = `
  INSERT INTO nodes (peer_id, head_seq, head_hash, joined_at) VALUES ($1, 0, $2, ${SERVER_NOW})
  ON CONFLICT (peer_id) DO NOTHING`

/**
 * Joins a store as a node, and binds a new one to its party. Of those that do so at once, the first one's stays.
 * @throws StoreOwnerError if it is another party's, StoreCarriedError, StoreDamagedError if it is another one than is expected: nothing was
 *   changed then; what pg throws
 */
export async function joinStore(
  client: pg.ClientBase,
  place: StorePlace,
  user: StoreUser,
): Promise<JoinedStore> {
  await client.query(beginning(place, NO_NODE, 'read'))
  const known = await look(client, place, user)
  await commit(client)
  if (known !== undefined) return known
  await client.query(beginning(place, NO_NODE, 'write'))
  await client.query(WRITE_ALONE)
  await look(client, place, user)
  await client.query(BIND, [randomBytes(16).toString('hex'), user.party])
  await client.query(JOIN, [user.peerId, GENESIS])
  const joined = await look(client, place, user)
  await commit(client)
  if (joined === undefined) throw new StoreDamagedError(place.name, 'can’t be joined')
  return joined
}

/** Returns undefined if something of it is not there yet. */
async function look(
  client: pg.ClientBase,
  { name }: StorePlace,
  { party, peerId, storeId }: StoreUser,
): Promise<JoinedStore | undefined> {
  const { rows } = await client.query(LOOK, [peerId])
  const [row = {}] = rows
  const [id, owner] = [optionalText(row, 'id'), optionalText(row, 'owner')]
  if ((owner ?? party) !== party) throw new StoreOwnerError(name, owner ?? '', party)
  const carriedTo = optionalText(row, 'carried_to')
  if (carriedTo !== undefined) throw new StoreCarriedError(name, carriedTo)
  if (storeId !== undefined && id !== storeId) {
    throw new StoreDamagedError(name, 'is not the one that this data directory has used')
  }
  if (id === undefined || owner === undefined || row['node'] === null) return undefined
  return { node: integer(row, 'node'), storeId: id }
}

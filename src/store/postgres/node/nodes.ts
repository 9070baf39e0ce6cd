import type pg from 'pg'
import { GENESIS } from '../../../audit/record/chain.ts'
import { NodeSupersededError } from '../../errors.ts'
import { integer } from '../../row/row.ts'
import { commit } from '../connection/server-pool.ts'
import type { StorePlace } from '../connection/store-place.ts'
import type { OwnNode } from './node-head.ts'
import { beginning } from './store-transaction.ts'

// Each is a transaction of its own, and throws what pg throws. Times are the database's: nodes compare them.

/** ms since the epoch. */
const NOW = '(extract(epoch FROM clock_timestamp()) * 1000)::bigint'

/** Returns the number of the node with this key, which is new if there is none. */
export async function joinNode(
  client: pg.ClientBase,
  place: StorePlace,
  peerId: string,
): Promise<number> {
  await client.query(beginning(place, 0, 'write'))
  await client.query(
    `INSERT INTO nodes (peer_id, head_seq, head_hash, joined_at) VALUES ($1, 0, $2, ${NOW})
     ON CONFLICT (peer_id) DO NOTHING`,
    [peerId, GENESIS],
  )
  const { rows } = await client.query('SELECT node FROM nodes WHERE peer_id = $1', [peerId])
  await commit(client)
  return integer(rows[0], 'node')
}

export interface NodeClaim {
  readonly node: number
  /** How long it is this process's without another word, ms. */
  readonly leaseMs: number
  /** The node is this process's own: whoever held it is known to be gone. */
  readonly isOwn: boolean
}

/**
 * Takes a node over: what another process has under way for it is void from then on.
 * @returns undefined if somebody holds it
 * @throws NodeSupersededError if there is no such node, or it was retired
 */
export async function takeNode(
  client: pg.ClientBase,
  place: StorePlace,
  { node, leaseMs, isOwn }: NodeClaim,
): Promise<Required<OwnNode> | undefined> {
  await client.query(beginning(place, node, 'write'))
  const locked = await client.query(
    'SELECT lease_until, retired_at FROM nodes WHERE node = $1 FOR UPDATE',
    [node],
  )
  // Asked after the lock was waited for, in a statement of its own.
  const clock = await client.query(`SELECT ${NOW} AS now`)
  const [row] = locked.rows
  const isFree =
    isOwn || (row !== undefined && integer(row, 'lease_until') <= integer(clock.rows[0], 'now'))
  const taken = isFree
    ? await client.query(
        `UPDATE nodes SET epoch = epoch + 1, lease_until = ${NOW} + $2
         WHERE node = $1 AND retired_at IS NULL RETURNING epoch`,
        [node, leaseMs],
      )
    : undefined
  await commit(client)
  if (row === undefined || row['retired_at'] !== null) throw new NodeSupersededError(place.name)
  return taken && { node, epoch: integer(taken.rows[0], 'epoch') }
}

/** Holds a node for so long from now on, ms; with 0, gives it back. @throws NodeSupersededError */
export async function holdNode(
  client: pg.ClientBase,
  place: StorePlace,
  { node, epoch }: Required<OwnNode>,
  leaseMs: number,
): Promise<void> {
  await client.query(beginning(place, node, 'write'))
  const { rowCount } = await client.query(
    `UPDATE nodes SET lease_until = ${NOW} + $3 WHERE node = $1 AND epoch = $2 AND retired_at IS NULL`,
    [node, epoch, leaseMs],
  )
  await commit(client)
  if (rowCount !== 1) throw new NodeSupersededError(place.name)
}

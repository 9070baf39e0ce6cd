import type pg from 'pg'
import { NodeSupersededError } from '../../errors.ts'
import { integer, type Row, text } from '../../row/row.ts'
import { commit } from '../connection/server-pool.ts'
import type { StorePlace } from '../connection/store-place.ts'
import type { HeadLook, TakenNode } from './node-head.ts'
import { beginning } from './store-transaction.ts'

// Each is a transaction of its own, and throws what pg throws. Times are the database's: nodes compare them.

/** The database's clock as of now, not of the transaction's begin: ms since the epoch. */
export const SERVER_NOW = '(extract(epoch FROM clock_timestamp()) * 1000)::bigint'

export interface NodeClaim {
  readonly node: number
  /** How long it is this process's without another word, ms. */
  readonly leaseMs: number
  /** The epoch of this process's own predecessor, which is known to be gone. @default none is */
  readonly former?: number | undefined
  /** Judges the end of the node's audit. @default it is not looked at */
  readonly look?: HeadLook
}

/**
 * Takes a node over: what another process has under way for it is void from then on.
 * @returns undefined if somebody holds it
 * @throws NodeSupersededError if there is no such node, or it was retired; what the look throws
 */
export async function takeNode(
  client: pg.ClientBase,
  place: StorePlace,
  { node, leaseMs, former, look }: NodeClaim,
): Promise<TakenNode | undefined> {
  await client.query(beginning(place, { node }, 'write'))
  const locked = await client.query(
    'SELECT epoch, lease_until, retired_at FROM nodes WHERE node = $1 FOR UPDATE',
    [node],
  )
  // Asked after the lock was waited for, in a statement of its own.
  const clock = await client.query(`SELECT ${SERVER_NOW} AS now`)
  const [row] = locked.rows
  if (row === undefined || row['retired_at'] !== null) throw new NodeSupersededError(place.name)
  if (look !== undefined) look.read((await client.query(look.question)).rows[0])
  const isFree =
    integer(row, 'epoch') === former || integer(row, 'lease_until') <= integer(clock.rows[0], 'now')
  const taken = isFree
    ? await client.query(
        `UPDATE nodes SET epoch = epoch + 1, lease_until = ${SERVER_NOW} + $2
         WHERE node = $1 RETURNING epoch`,
        [node, leaseMs],
      )
    : undefined
  await commit(client)
  return taken && { node, epoch: integer(taken.rows[0], 'epoch') }
}

/** Another node that holds a lease, or held one when it was last heard of. */
export interface LeasedNode extends TakenNode {
  readonly peerId: string
  /** The lease is over. */
  readonly isLapsed: boolean
}

/** The other nodes, as one sees them that renews its lease. */
export interface SeenNodes {
  readonly others: readonly LeasedNode[]
  /** There are sessions that no node works on any more, or this node was called upon. */
  readonly isLeft: boolean
}

const LEFT = `
  SELECT 1 FROM sessions s WHERE s.ended_at IS NULL AND s.side = 'listener'
    AND s.epoch < (SELECT n.epoch FROM nodes n WHERE n.node = s.node) LIMIT 1`

/** Holds a node for so long from now on, ms. In one round trip. @throws NodeSupersededError */
export async function holdNode(
  client: pg.ClientBase,
  place: StorePlace,
  own: TakenNode,
  leaseMs: number,
): Promise<SeenNodes> {
  const { node } = own
  const [called, held, others, left] = await asHolder(client, place, own, [
    `SELECT called_upon FROM nodes WHERE node = ${node}`,
    `UPDATE nodes SET lease_until = ${SERVER_NOW} + ${leaseMs}, called_upon = 0
      WHERE node = ${node} AND epoch = ${own.epoch} AND retired_at IS NULL`,
    `SELECT node, epoch, peer_id, lease_until <= ${SERVER_NOW} AS is_lapsed FROM nodes
      WHERE node <> ${node} AND lease_until > 0 AND retired_at IS NULL`,
    LEFT,
  ])
  if (held?.rowCount !== 1) throw new NodeSupersededError(place.name)
  const isCalled = called?.rows[0]?.['called_upon'] === 1
  return {
    others: others?.rows.map(leased) ?? [],
    isLeft: isCalled || left?.rows.length === 1,
  }
}

/** Gives a node back, if it is this process's still: anybody may have it, and what is left is nobody's at once. */
export async function giveNodeBack(
  client: pg.ClientBase,
  place: StorePlace,
  own: TakenNode,
): Promise<void> {
  await asHolder(client, place, own, [
    `UPDATE nodes SET lease_until = 0, epoch = epoch + 1
      WHERE node = ${own.node} AND epoch = ${own.epoch} AND retired_at IS NULL`,
  ])
}

/** Runs statements without values in one transaction, in one round trip. @returns what came of each */
export async function asHolder(
  client: pg.ClientBase,
  place: StorePlace,
  own: TakenNode,
  statements: readonly string[],
): Promise<readonly pg.QueryResult<Row>[]> {
  // A renewal that a crash of the server loses does no harm: the next one is on its way.
  const begin = `${beginning(place, own, 'write')}; SET LOCAL synchronous_commit = off`
  const sql = [begin, ...statements, 'COMMIT'].join('; ')
  const results = (await client.query(sql)) as unknown as readonly pg.QueryResult<Row>[]
  const ended = results.at(-1)
  if (ended?.command !== 'COMMIT') throw new Error(`the transaction ended by ${ended?.command}`)
  return results.slice(-1 - statements.length, -1)
}

function leased(row: Row): LeasedNode {
  return {
    node: integer(row, 'node'),
    epoch: integer(row, 'epoch'),
    peerId: text(row, 'peer_id'),
    // The only column of all tables that is a boolean.
    isLapsed: (row['is_lapsed'] as unknown) === true,
  }
}

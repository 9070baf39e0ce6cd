import { GENESIS } from '../../../audit/record/chain.ts'
import { change, type Query, selectAll } from '../../query/query.ts'
import { text } from '../../row/row.ts'
import { SERVER_NOW } from './nodes.ts'

/** Lists the peer ids of the nodes that hold their lease now. */
export function* atWork(): Query<readonly string[]> {
  const rows = yield* selectAll(`SELECT peer_id FROM nodes WHERE lease_until > ${SERVER_NOW}`)
  return rows.map((row) => text(row, 'peer_id'))
}

/**
 * Retires a node for good, also one that has never been here, or lets it be one again. Of a retired one all that is under way is void
 * at once: its epoch is over.
 */
export function* setRetired(peerId: string, isRetired: boolean): Query<void> {
  if (!isRetired) {
    yield* change('UPDATE nodes SET retired_at = NULL WHERE peer_id = ?1', peerId)
    return
  }
  yield* change(
    `INSERT INTO nodes (peer_id, head_seq, head_hash, joined_at, retired_at)
     VALUES (?1, 0, ?2, ${SERVER_NOW}, ${SERVER_NOW})
     ON CONFLICT (peer_id) DO UPDATE
       SET retired_at = excluded.retired_at, epoch = nodes.epoch + 1, lease_until = 0`,
    peerId,
    GENESIS,
  )
}

/** Has a node look after what others have left, at its next renewal. */
export function* callUpon(peerId: string): Query<void> {
  yield* change('UPDATE nodes SET called_upon = 1 WHERE peer_id = ?1', peerId)
}

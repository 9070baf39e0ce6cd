import { compact } from '../../protocol/base/compact.ts'
import { change, type Query, selectAll, selectOne } from '../query/query.ts'
import { integer, optionalText, type Row, text } from '../row/row.ts'

/** A peer from which nothing is taken. */
export interface DeniedPeer {
  readonly peerId: string
  /** Milliseconds since the epoch. */
  readonly deniedAt: number
  readonly reason?: string
}

/** The peers from whom nothing is taken, whatever they show. */
export const deniedPeers = {
  /** False if it was there before; then its time and reason stay. */
  *add({ peerId, deniedAt, reason }: DeniedPeer): Query<boolean> {
    const sql =
      'INSERT INTO denied_peers (peer_id, denied_at, reason) VALUES (?1, ?2, ?3) ON CONFLICT DO NOTHING'
    return (yield* change(sql, peerId, deniedAt, reason ?? null)) !== 0
  },

  /** False if it was not there. */
  *remove(peerId: string): Query<boolean> {
    return (yield* change('DELETE FROM denied_peers WHERE peer_id = ?1', peerId)) !== 0
  },

  *has(peerId: string): Query<boolean> {
    const sql = 'SELECT peer_id FROM denied_peers WHERE peer_id = ?1'
    return (yield* selectOne(sql, peerId)) !== undefined
  },

  /** Lists the latest first. */
  *list(limit: number): Query<readonly DeniedPeer[]> {
    const sql = 'SELECT * FROM denied_peers ORDER BY denied_at DESC, peer_id LIMIT ?1'
    return (yield* selectAll(sql, limit)).map(toPeer)
  },

  *count(): Query<number> {
    const row = yield* selectOne('SELECT count(*) AS count FROM denied_peers')
    return integer(row ?? {}, 'count')
  },
}

function toPeer(row: Row): DeniedPeer {
  return compact({
    peerId: text(row, 'peer_id'),
    deniedAt: integer(row, 'denied_at'),
    reason: optionalText(row, 'reason'),
  })
}

import type { WitnessedCheckpoint } from '../../audit/witness/witnessed-checkpoint.ts'
import { change, type Query, selectAll, selectOne } from '../query/query.ts'
import { integer, text } from '../row/row.ts'
import { OF_PEER, toWitnessed } from './witnessed-checkpoints.ts'

/** The sizes of those that contradict nothing. Asked in each session. */
export const SIZES_OF_PEER = `
  SELECT size FROM witnessed WHERE peer_id = ?1 AND standing IN ('proven', 'open') ORDER BY size`

const PEERS = `
  SELECT peer_id FROM witnessed GROUP BY peer_id
  ORDER BY CASE WHEN count(against_size) > 0 THEN 0 ELSE 1 END, max(seen_at) DESC, peer_id LIMIT ?1`

const PEERS_LIKE = `
  SELECT DISTINCT peer_id FROM witnessed
  WHERE substr(peer_id, 1, length(?1)) = ?1
    OR substr(peer_id, length(peer_id) - length(?1) + 1) = ?1 LIMIT 10`

const ALARMED =
  'SELECT count(DISTINCT peer_id) AS count FROM witnessed WHERE against_size IS NOT NULL'

/** Checkpoints that other parties signed over their own audits: a few rows for each party. */
export const witnessedRecords = {
  /** Returns one party's checkpoints, smallest first. */
  *ofPeer(peerId: string): Query<readonly WitnessedCheckpoint[]> {
    return (yield* selectAll(OF_PEER, peerId)).map(toWitnessed)
  },

  /** Returns the sizes of a party's checkpoints that contradict nothing, smallest first. */
  *sizesOf(peerId: string): Query<readonly number[]> {
    return (yield* selectAll(SIZES_OF_PEER, peerId)).map((row) => integer(row, 'size'))
  },

  /** Deletes all of one party's. @returns how many there were */
  *forget(peerId: string): Query<number> {
    return yield* change('DELETE FROM witnessed WHERE peer_id = ?1', peerId)
  },

  /** Returns the parties that contradicted themselves, then the others, those seen last first. */
  *peers(limit: number): Query<readonly string[]> {
    return (yield* selectAll(PEERS, limit)).map((row) => text(row, 'peer_id'))
  },

  /** Returns how many parties have shown a checkpoint. */
  *countPeers(): Query<number> {
    const row = yield* selectOne('SELECT count(DISTINCT peer_id) AS count FROM witnessed')
    return integer(row ?? {}, 'count')
  },

  /** Finds parties whose id begins or ends so, at most ten. */
  *peersLike(part: string): Query<readonly string[]> {
    return (yield* selectAll(PEERS_LIKE, part)).map((row) => text(row, 'peer_id'))
  },

  /** Returns how many parties have contradicted themselves. */
  *alarmed(): Query<number> {
    return integer((yield* selectOne(ALARMED)) ?? {}, 'count')
  },
}

import { type Query, selectOne } from '../query/query.ts'
import { integer } from '../row/row.ts'
import type { SyncCounts } from './tally-syncs.ts'

/** How the tallies' documents stand to the partners', as views ask for it. */
export const tallySyncRecords = {
  /** Counts tallies whose document was set or synced, by how it stands to the partner's. */
  *countStates(): Query<SyncCounts> {
    const sql = `SELECT
      count(*) FILTER (WHERE stop IS NULL AND partner_seen_at IS NOT NULL AND ahead = 0
        AND behind = 0) AS in_sync,
      count(*) FILTER (WHERE stop IS NULL AND ahead > 0) AS ahead,
      count(*) FILTER (WHERE stop IS NULL AND behind > 0) AS behind,
      count(*) FILTER (WHERE stop IS NOT NULL) AS stopped FROM tally_sync`
    const row = (yield* selectOne(sql)) ?? {}
    return {
      inSync: integer(row, 'in_sync'),
      ahead: integer(row, 'ahead'),
      behind: integer(row, 'behind'),
      stopped: integer(row, 'stopped'),
    }
  },

  /** Counts the tallies that are not synced any further. */
  *countStopped(): Query<number> {
    const sql = 'SELECT count(*) AS count FROM tally_sync WHERE stop IS NOT NULL'
    return integer((yield* selectOne(sql)) ?? {}, 'count')
  },
}

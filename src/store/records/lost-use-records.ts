import type { LostUse } from '../../session/ports/tally.ts'
import { type Query, selectAll, selectOne } from '../query/query.ts'
import { integer, optionalInteger, type Row, text } from '../row/row.ts'

/** The redemptions that one side has lost, as commands ask for them. */
export const lostUseRecords = {
  /** When the inviter of a tally said that it does not know it, if it did. */
  *deniedAt(tallyId: string): Query<number | undefined> {
    const sql = "SELECT max(at) AS at FROM lost_uses WHERE lost_by = 'inviter' AND tally_id = ?1"
    const row = yield* selectOne(sql, tallyId)
    return row === undefined ? undefined : optionalInteger(row, 'at')
  },

  /** Lists them, the newest first. */
  *list(limit: number): Query<readonly LostUse[]> {
    const sql = 'SELECT * FROM lost_uses ORDER BY at DESC, lost_by, redemption_id LIMIT ?1'
    return (yield* selectAll(sql, limit)).map(toLostUse)
  },
}

export function toLostUse(row: Row): LostUse {
  return {
    lostBy: text(row, 'lost_by') === 'here' ? 'here' : 'inviter',
    redemptionId: text(row, 'redemption_id'),
    tokenId: text(row, 'token_id'),
    peerId: text(row, 'peer_id'),
    tallyId: text(row, 'tally_id'),
    at: integer(row, 'at'),
  }
}

import type { OwedNotice } from '../../session/ports/notices.ts'
import { toNotice } from '../ledger/notices.ts'
import { type Query, selectAll, selectOne } from '../query/query.ts'
import { integer } from '../row/row.ts'

/** Notices to hosts that are owed, as commands ask for them. */
export const noticeRecords = {
  /** Lists notices that are owed, the oldest first. */
  *list(limit: number): Query<readonly OwedNotice[]> {
    const sql = 'SELECT * FROM notices ORDER BY since, redemption_id LIMIT ?1'
    return (yield* selectAll(sql, limit)).map(toNotice)
  },

  /** Lists notices that have failed, the oldest first. */
  *listFailed(limit: number): Query<readonly OwedNotice[]> {
    const sql = 'SELECT * FROM notices WHERE tries > 0 ORDER BY since, redemption_id LIMIT ?1'
    return (yield* selectAll(sql, limit)).map(toNotice)
  },

  *countFailed(): Query<number> {
    const row = yield* selectOne('SELECT count(*) AS count FROM notices WHERE tries > 0')
    return integer(row ?? {}, 'count')
  },
}

import type { OwedRemoval } from '../../session/ports/removals.ts'
import { REMOVAL_COLUMNS, toRemoval } from '../ledger/removals.ts'
import { type Query, selectAll, selectOne } from '../query/query.ts'
import { integer } from '../row/row.ts'

/** Databases that are still to be removed, as commands ask for them. */
export const removalRecords = {
  /** Lists removals that are owed, the oldest first. */
  *list(limit: number): Query<readonly OwedRemoval[]> {
    const sql = `SELECT ${REMOVAL_COLUMNS} FROM removals ORDER BY since, tally_id LIMIT ?1`
    return (yield* selectAll(sql, limit)).map(toRemoval)
  },

  /** Lists removals that have failed, the oldest first. */
  *listFailed(limit: number): Query<readonly OwedRemoval[]> {
    const sql = `
      SELECT ${REMOVAL_COLUMNS} FROM removals WHERE tries > 0 ORDER BY since, tally_id LIMIT ?1`
    return (yield* selectAll(sql, limit)).map(toRemoval)
  },

  *countFailed(): Query<number> {
    const row = yield* selectOne('SELECT count(*) AS count FROM removals WHERE tries > 0')
    return integer(row ?? {}, 'count')
  },
}

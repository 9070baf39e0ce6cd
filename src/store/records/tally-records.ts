import type { TallyRecord } from '../../session/ports/tally.ts'
import { toTally } from '../ledger/tallies.ts'
import { type Query, selectOne } from '../query/query.ts'

/** The tallies, as commands and views ask for them. */
export const tallyRecords = {
  *find(tallyId: string): Query<TallyRecord | undefined> {
    const row = yield* selectOne('SELECT * FROM tallies WHERE tally_id = ?1', tallyId)
    return row === undefined ? undefined : toTally(row)
  },
}

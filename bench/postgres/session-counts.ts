import * as z from 'zod'
import { type Query, selectOne } from '../../src/store/query/query.ts'

/** The content of a store after sessions. */
export const sessionCountsSchema = z.object({
  /** Tallies that both sides know of. */
  confirmed: z.number(),
  /** Sessions that are complete. */
  completed: z.number(),
  /** The highest use that was given. */
  highest: z.number(),
})

const COUNTS = `SELECT
  (SELECT count(*) FROM tallies WHERE status = 'confirmed') AS confirmed,
  (SELECT count(*) FROM sessions WHERE state = 'COMPLETED') AS completed,
  (SELECT max(slot) FROM redemptions) AS highest`

export function* countSessions(): Query<unknown> {
  return yield* selectOne(COUNTS)
}

import type { Attempt } from '../../session/ports/attempt.ts'
import { toAttempt } from '../ledger/attempts.ts'
import { type Query, selectAll } from '../query/query.ts'

/** The invitee's attempts, as commands ask for them. */
export const attemptRecords = {
  /** Lists attempts that are neither confirmed nor given up, the oldest first. */
  *unfinished(limit: number): Query<readonly Attempt[]> {
    const sql = `
      SELECT * FROM attempts WHERE status IN ('running', 'held') ORDER BY created_at, id LIMIT ?1`
    return (yield* selectAll(sql, limit)).map(toAttempt)
  },
}

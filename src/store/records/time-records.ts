import { HIGHEST_TIME } from '../ledger/highest-time.ts'
import { change, type Query } from '../query/query.ts'
import { metaRecords } from './meta-records.ts'

/** Deadlines of a wrong time would stand for ever: each is brought near. */
const BOUNDS = [
  'UPDATE redemptions SET reserved_until = ?1 WHERE reserved_until > ?1',
  'UPDATE attempts SET lease_until = ?1 WHERE lease_until > ?1',
  'UPDATE removals SET next_at = ?1 WHERE next_at > ?1',
  'UPDATE removals SET claimed_until = ?1 WHERE claimed_until > ?1',
  'UPDATE notices SET next_at = ?1 WHERE next_at > ?1',
]

/** A token that ran out only by the wrong time is valid again, and will run out. */
const UNEXPIRE = `
  UPDATE tokens SET expiry_noted_at = NULL WHERE expiry_noted_at IS NOT NULL AND expires_at > ?1`

/** The highest wall time that any process on this store has seen, when it was a wrong one. */
export const timeRecords = {
  /** Returns it in milliseconds since the epoch; 0 if none was seen yet. */
  *highest(): Query<number> {
    return Number((yield* metaRecords.get(HIGHEST_TIME)) ?? 0)
  },

  /**
   * Sets the time, whatever was seen before.
   * @param until ms since the epoch: later deadlines are set to this
   */
  *reset(at: number, until: number): Query<void> {
    yield* metaRecords.set(HIGHEST_TIME, String(at))
    for (const bound of BOUNDS) yield* change(bound, until)
    yield* change(UNEXPIRE, at)
  },
}

import { compact } from '../../protocol/base/compact.ts'
import type { LapsedReservation } from '../../session/ports/uses/reservation.ts'
import { STANDING_RESERVATION, toReservation } from '../ledger/claim-row.ts'
import { type Query, selectAll, selectOne } from '../query/query.ts'
import { optionalInteger, text } from '../row/row.ts'

/** A redemption that its peer may come back for. */
export interface UnfinishedRedemption {
  readonly id: string
  readonly peerId: string
  readonly state: string
  /** Milliseconds since the epoch; left out once it is committed. */
  readonly reservedUntil?: number
}

/** The redemptions, as commands ask for them. */
export const redemptionRecords = {
  /** Returns the claim of a redemption that is neither committed nor released. */
  *standing(redemptionId: string): Query<LapsedReservation | undefined> {
    const row = yield* selectOne(STANDING_RESERVATION, redemptionId)
    return row === undefined ? undefined : toReservation(row)
  },

  /** Lists redemptions that are reserved, or offered and not acknowledged, the oldest first. Walks all of them. */
  *unfinished(limit: number): Query<readonly UnfinishedRedemption[]> {
    const sql = `
      SELECT id, peer_id, state, reserved_until FROM redemptions
      WHERE reserved_until IS NOT NULL
        OR (state = 'committed' AND delivery = 'offered' AND withdrawn_at IS NULL)
      ORDER BY seq LIMIT ?1`
    return (yield* selectAll(sql, limit)).map((row) =>
      compact({
        id: text(row, 'id'),
        peerId: text(row, 'peer_id'),
        state: text(row, 'state'),
        reservedUntil: optionalInteger(row, 'reserved_until'),
      }),
    )
  },
}

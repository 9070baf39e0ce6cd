import type { Claim } from '../../session/machine/listener-state.ts'
import type { LapsedReservation } from '../../session/ports/uses/reservation.ts'
import { integer, type Row, text } from '../row/row.ts'

/** The columns that `toClaim` reads. */
export const CLAIM_COLUMNS = 'id, fence, slot, tally_id, approved_at'

/** @throws RowInvalidError */
export function toClaim(row: Row): Claim {
  return {
    redemptionId: text(row, 'id'),
    fence: integer(row, 'fence'),
    use: integer(row, 'slot'),
    tallyId: text(row, 'tally_id'),
    approvedAt: integer(row, 'approved_at'),
  }
}

/** The columns that `toReservation` reads. */
export const RESERVATION_COLUMNS = `${CLAIM_COLUMNS}, token_id, peer_id, session_id, state`

/** Finds a redemption that is neither committed nor released. */
export const STANDING_RESERVATION = `
  SELECT ${RESERVATION_COLUMNS} FROM redemptions WHERE id = ?1 AND reserved_until IS NOT NULL`

/** @throws RowInvalidError */
export function toReservation(row: Row): LapsedReservation {
  return {
    claim: toClaim(row),
    tokenId: text(row, 'token_id'),
    peerId: text(row, 'peer_id'),
    sessionId: text(row, 'session_id'),
    state: text(row, 'state'),
  }
}

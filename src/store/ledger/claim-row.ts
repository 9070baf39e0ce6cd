import type { Claim } from '../../session/machine/listener-state.ts'
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

import { compact } from '../../protocol/base/compact.ts'
import type { PendingRequest } from '../../session/ports/uses/pending-request.ts'
import {
  integer,
  optionalInteger,
  optionalText,
  partyIdentity,
  type Row,
  text,
  texts,
} from '../row/row.ts'

/** True of a request that waits for the inviter's word. */
export const WAITING_REQUEST = 'approved_at IS NULL'

/** @throws RowInvalidError */
export function toRequest(row: Row): PendingRequest {
  return compact({
    id: text(row, 'id'),
    tokenId: text(row, 'token_id'),
    peerId: text(row, 'peer_id'),
    bootstrapId: text(row, 'bootstrap_id'),
    requestHash: text(row, 'request_hash'),
    grantHash: text(row, 'grant_hash'),
    another: integer(row, 'another') === 1,
    redemptionId: text(row, 'redemption_id'),
    identity: partyIdentity(row, 'identity'),
    cadre: texts(row, 'cadre'),
    remoteAddress: optionalText(row, 'remote_address'),
    since: integer(row, 'since'),
    until: integer(row, 'until'),
    approvedAt: optionalInteger(row, 'approved_at'),
  })
}

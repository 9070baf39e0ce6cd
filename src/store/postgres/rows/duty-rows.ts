import type { WitnessedCheckpoint } from '../../../audit/witness/witnessed-checkpoint.ts'
import type { OwedNotice } from '../../../session/ports/notices.ts'
import type { LostUse } from '../../../session/ports/tally.ts'
import type { PendingRequest } from '../../../session/ports/uses/pending-request.ts'
import { toWitnessed } from '../../audit/witnessed-checkpoints.ts'
import { toNotice } from '../../ledger/notices.ts'
import { toRemoval } from '../../ledger/removals.ts'
import type { DeclineRow, DenialRow, RemovalRow } from '../../memory/row-types.ts'
import { toLostUse } from '../../records/lost-use-records.ts'
import { toRequest } from '../../requests/request-row.ts'
import { integer, optionalText, type Row, text } from '../../row/row.ts'
import { bytesColumn, numberColumn, type StoredTable, textColumn } from './stored-table.ts'

export const STORED_REMOVALS: StoredTable<RemovalRow> = {
  name: 'removals',
  keys: [textColumn('tally_id', ({ removal }) => removal.tallyId)],
  first: [numberColumn('since', ({ removal }) => removal.since)],
  later: [
    textColumn('redemption_id', ({ removal }) => removal.redemptionId),
    numberColumn('fence', ({ removal }) => removal.fence),
    textColumn('session_id', ({ removal }) => removal.sessionId),
    textColumn('peer_id', ({ removal }) => removal.peerId),
    textColumn('reason', ({ removal }) => removal.reason),
    numberColumn('tries', ({ removal }) => removal.tries),
    numberColumn('next_at', ({ removal }) => removal.nextAt),
    textColumn('last_error', ({ removal }) => removal.lastError),
    textColumn('claimed_by', ({ removal }) => removal.claim?.owner),
    numberColumn('claimed_until', ({ removal }) => removal.claim?.until),
    numberColumn('owed_again', ({ isOwedAgain }) => (isOwedAgain ? 1 : 0)),
  ],
  toRow: (row) => ({ removal: toRemoval(row), isOwedAgain: integer(row, 'owed_again') === 1 }),
}

export const STORED_NOTICES: StoredTable<OwedNotice> = {
  name: 'notices',
  keys: [textColumn('redemption_id', ({ redemptionId }) => redemptionId)],
  first: [
    textColumn('token_id', ({ tokenId }) => tokenId),
    numberColumn('fence', ({ fence }) => fence),
    textColumn('session_id', ({ sessionId }) => sessionId),
    textColumn('peer_id', ({ peerId }) => peerId),
    numberColumn('since', ({ since }) => since),
  ],
  later: [
    numberColumn('tries', ({ tries }) => tries),
    numberColumn('next_at', ({ nextAt }) => nextAt),
    textColumn('last_error', ({ lastError }) => lastError),
  ],
  toRow: toNotice,
}

export const STORED_LOST_USES: StoredTable<LostUse> = {
  name: 'lost_uses',
  keys: [
    textColumn('lost_by', ({ lostBy }) => lostBy),
    textColumn('redemption_id', ({ redemptionId }) => redemptionId),
  ],
  later: [
    textColumn('token_id', ({ tokenId }) => tokenId),
    textColumn('peer_id', ({ peerId }) => peerId),
    textColumn('tally_id', ({ tallyId }) => tallyId),
    numberColumn('at', ({ at }) => at),
  ],
  toRow: toLostUse,
}

const OF_PEER = [
  textColumn<DeclineRow>('token_id', ({ tokenId }) => tokenId),
  textColumn<DeclineRow>('peer_id', ({ peerId }) => peerId),
]

const WORDS = [
  textColumn<DeclineRow>('reason', ({ reason }) => reason),
  numberColumn<DeclineRow>('at', ({ at }) => at),
]

export const STORED_DECLINES: StoredTable<DeclineRow> = {
  name: 'declines',
  keys: OF_PEER,
  later: WORDS,
  toRow: toWord,
}

export const STORED_DENIALS: StoredTable<DenialRow> = {
  name: 'denials',
  keys: OF_PEER,
  later: WORDS,
  toRow: toWord,
}

function toWord(row: Row): DeclineRow {
  return {
    tokenId: text(row, 'token_id'),
    peerId: text(row, 'peer_id'),
    reason: optionalText(row, 'reason'),
    at: integer(row, 'at'),
  }
}

export const STORED_REQUESTS: StoredTable<PendingRequest> = {
  name: 'pending_requests',
  keys: [textColumn('id', ({ id }) => id)],
  first: [
    textColumn('token_id', ({ tokenId }) => tokenId),
    textColumn('peer_id', ({ peerId }) => peerId),
    textColumn('request_hash', ({ requestHash }) => requestHash),
    textColumn('grant_hash', ({ grantHash }) => grantHash),
    numberColumn('another', ({ another }) => (another ? 1 : 0)),
    textColumn('redemption_id', ({ redemptionId }) => redemptionId),
    textColumn('identity', ({ identity }) => JSON.stringify(identity)),
    textColumn('cadre', ({ cadre }) => JSON.stringify(cadre)),
    textColumn('remote_address', ({ remoteAddress }) => remoteAddress),
    numberColumn('since', ({ since }) => since),
  ],
  later: [
    textColumn('bootstrap_id', ({ bootstrapId }) => bootstrapId),
    numberColumn('until', ({ until }) => until),
    numberColumn('approved_at', ({ approvedAt }) => approvedAt),
  ],
  toRow: toRequest,
}

export const STORED_CHECKPOINTS: StoredTable<WitnessedCheckpoint> = {
  name: 'witnessed',
  keys: [
    textColumn('peer_id', ({ peerId }) => peerId),
    numberColumn('size', ({ size }) => size),
    textColumn('standing', ({ standing }) => standing),
    bytesColumn('root', ({ root }) => root),
  ],
  later: [
    textColumn('note', ({ note }) => note),
    numberColumn('since', ({ since }) => since),
    numberColumn('seen_at', ({ seenAt }) => seenAt),
    textColumn('session_id', ({ sessionId }) => sessionId),
    numberColumn('against_size', ({ against }) => against?.size),
    textColumn('against_note', ({ against }) => against?.note),
  ],
  toRow: toWitnessed,
}

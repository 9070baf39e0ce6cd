import { RowInvalidError } from '../../errors.ts'
import type { AnswerRow, FreeSlotRow, RedemptionRow } from '../../memory/row-types.ts'
import {
  integer,
  optionalBlob,
  optionalInteger,
  optionalText,
  type Row,
  text,
} from '../../row/row.ts'
import { bytesColumn, numberColumn, type StoredTable, textColumn } from './stored-table.ts'

const STATES = ['reserved', 'provisioning', 'delegated', 'committed', 'released'] as const
const DELIVERIES = ['offered', 'confirmed'] as const

export const STORED_REDEMPTIONS: StoredTable<RedemptionRow> = {
  name: 'redemptions',
  keys: [textColumn('id', ({ id }) => id)],
  first: [
    textColumn('token_id', ({ tokenId }) => tokenId),
    numberColumn('slot', ({ slot }) => slot),
    textColumn('peer_id', ({ peerId }) => peerId),
    numberColumn('approved_at', ({ approvedAt }) => approvedAt),
  ],
  later: [
    textColumn('bootstrap_id', ({ bootstrapId }) => bootstrapId),
    textColumn('request_hash', ({ requestHash }) => requestHash),
    textColumn('session_id', ({ sessionId }) => sessionId),
    numberColumn('fence', ({ fence }) => fence),
    textColumn('state', ({ state }) => state),
    textColumn('delivery', ({ delivery }) => delivery),
    textColumn('tally_id', ({ tallyId }) => tallyId),
    numberColumn('reserved_until', ({ reservedUntil }) => reservedUntil),
    numberColumn('changed_at', ({ changedAt }) => changedAt),
    numberColumn('released_at', ({ state, changedAt }) =>
      state === 'released' ? changedAt : undefined,
    ),
    textColumn('released_for', ({ releasedFor }) => releasedFor),
    textColumn('response_hash', ({ responseHash }) => responseHash),
    numberColumn('approved_fence', ({ approvedFence }) => approvedFence),
    numberColumn('sessions', ({ sessions }) => sessions),
    numberColumn('withdrawn_at', ({ withdrawnAt }) => withdrawnAt),
    numberColumn('revision', ({ revision }) => revision),
  ],
  toRow: (row) => ({
    ...peerOf(row),
    seq: integer(row, 'seq'),
    id: text(row, 'id'),
    tokenId: text(row, 'token_id'),
    slot: integer(row, 'slot'),
    fence: integer(row, 'fence'),
    state: oneOf(STATES, row, 'state'),
    delivery: row['delivery'] === null ? undefined : oneOf(DELIVERIES, row, 'delivery'),
    tallyId: text(row, 'tally_id'),
    approvedAt: integer(row, 'approved_at'),
    reservedUntil: optionalInteger(row, 'reserved_until'),
    changedAt: integer(row, 'changed_at'),
    approvedFence: optionalInteger(row, 'approved_fence') ?? 0,
    responseHash: optionalText(row, 'response_hash'),
    sessions: integer(row, 'sessions'),
    releasedFor: optionalText(row, 'released_for'),
    withdrawnAt: optionalInteger(row, 'withdrawn_at'),
    revision: optionalInteger(row, 'revision'),
  }),
}

function peerOf(row: Row) {
  return {
    peerId: text(row, 'peer_id'),
    bootstrapId: text(row, 'bootstrap_id'),
    requestHash: text(row, 'request_hash'),
    sessionId: text(row, 'session_id'),
  }
}

function oneOf<const Value extends string>(
  values: readonly Value[],
  row: Row,
  column: string,
): Value {
  const found = values.find((each) => each === row[column])
  if (found === undefined) throw new RowInvalidError(column)
  return found
}

export const STORED_FREE_SLOTS: StoredTable<FreeSlotRow> = {
  name: 'free_slots',
  keys: [
    textColumn('token_id', ({ tokenId }) => tokenId),
    numberColumn('slot', ({ slot }) => slot),
  ],
  later: [],
  toRow: (row) => ({ tokenId: text(row, 'token_id'), slot: integer(row, 'slot') }),
}

/** Keyed by the redemption's number there. */
export const ANSWER_COLUMNS = [
  textColumn<AnswerRow>('id', ({ redemptionId }) => redemptionId),
  bytesColumn<AnswerRow>('response', ({ response }) => response),
  bytesColumn<AnswerRow>('receipt', ({ receipt }) => receipt),
]

export function toAnswer(row: Row): AnswerRow {
  return {
    redemptionId: text(row, 'id'),
    response: optionalBlob(row, 'response'),
    receipt: optionalBlob(row, 'receipt'),
  }
}

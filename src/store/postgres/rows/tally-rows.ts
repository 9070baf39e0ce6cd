import { signatureText } from '../../../protocol/receipt/receipt-signature.ts'
import { toAttempt } from '../../ledger/attempts.ts'
import { toTally } from '../../ledger/tallies.ts'
import type { AttemptRow, TallyRow } from '../../memory/row-types.ts'
import type { RowChange } from '../../memory/table.ts'
import { signatureColumn } from '../../row/receipt-row.ts'
import { integer, optionalBlob, optionalInteger, type Row, text } from '../../row/row.ts'
import {
  bytesColumn,
  changesOf,
  numberColumn,
  type SetStatement,
  type StoredTable,
  textColumn,
} from './stored-table.ts'

/** Columns of a tally that change after it was agreed on. */
const CHANGING = [
  textColumn<TallyRow>('status', ({ tally }) => tally.status),
  textColumn<TallyRow>('token_id', ({ marks }) => marks?.tokenId),
  bytesColumn<TallyRow>('request_hash', ({ marks }) => marks && Buffer.from(marks.request, 'hex')),
  bytesColumn<TallyRow>(
    'response_hash',
    ({ marks }) => marks && Buffer.from(marks.response, 'hex'),
  ),
  bytesColumn<TallyRow>('inviter_signature', (row) => signatureColumn(row.inviterSignature)),
  bytesColumn<TallyRow>('invitee_signature', (row) => signatureColumn(row.inviteeSignature)),
  textColumn<TallyRow>('opening', ({ marks }) => marks?.opening),
  numberColumn<TallyRow>('compared_at', ({ tally }) => tally.comparedAt),
  numberColumn<TallyRow>('withdrawn_at', ({ withdrawnAt }) => withdrawnAt),
]

export const STORED_TALLIES: StoredTable<TallyRow> = {
  name: 'tallies',
  keys: [textColumn('tally_id', ({ tally }) => tally.tallyId)],
  first: [
    textColumn('role', ({ tally }) => tally.role),
    textColumn('partner', ({ tally }) => tally.partner.peerId),
    textColumn('partner_identity', ({ tally }) => JSON.stringify(tally.partner.identity)),
    textColumn('created_by', ({ tally }) => tally.built.tally.createdBy),
    textColumn('engine', ({ tally }) => tally.built.database.engine),
    textColumn('endpoint', ({ tally }) => tally.built.database.endpoint),
    textColumn('credentials_ref', ({ tally }) => tally.built.database.credentialsRef),
    textColumn('draft', ({ tally }) => tally.built.draft.text),
    textColumn('draft_sha256', ({ tally }) => tally.built.draft.sha256),
    textColumn('redemption_id', ({ tally }) => tally.redemptionId),
    numberColumn('created_at', ({ tally }) => tally.createdAt),
  ],
  later: CHANGING,
  toRow: (row) => {
    const { receipt, ...found } = toTally(row)
    const status = text(row, 'status')
    const tally = { ...found, status: STATUSES.find((each) => each === status) ?? 'offered' }
    const { inviterSignature: _mine, inviteeSignature: _theirs, ...marks } = receipt ?? {}
    return {
      tally,
      marks: receipt === undefined ? undefined : (marks as TallyRow['marks']),
      inviterSignature: signatureIn(row, 'inviter_signature'),
      inviteeSignature: signatureIn(row, 'invitee_signature'),
      withdrawnAt: optionalInteger(row, 'withdrawn_at'),
    }
  },
}

const STATUSES = ['offered', 'held', 'confirmed'] as const

function signatureIn(row: Row, column: string): string | undefined {
  const bytes = optionalBlob(row, column)
  return bytes && signatureText(bytes)
}

/** One that was built anew is another one: what hangs on the former goes with it. */
export function tallyChanges(changes: readonly RowChange<TallyRow>[]): readonly SetStatement[] {
  const split = changes.flatMap(({ before, after }): readonly RowChange<TallyRow>[] =>
    before === undefined || after === undefined || before.tally.built === after.tally.built
      ? [{ before, after }]
      : [
          { before, after: undefined },
          { before: undefined, after },
        ],
  )
  return changesOf(STORED_TALLIES, split)
}

export const STORED_ATTEMPTS: StoredTable<AttemptRow> = {
  name: 'attempts',
  keys: [textColumn('id', ({ attempt }) => attempt.attemptId)],
  first: [
    textColumn('bootstrap_id', ({ attempt }) => attempt.bootstrapId),
    textColumn('link_hash', ({ attempt }) => attempt.linkHash),
    textColumn('token_id', ({ attempt }) => attempt.tokenId),
    textColumn('inviter', ({ attempt }) => attempt.inviter),
    textColumn('role', ({ attempt }) => attempt.role),
    textColumn('request_hash', ({ attempt }) => attempt.requestHash),
    textColumn('identity', ({ attempt }) => JSON.stringify(attempt.identity)),
    textColumn('cadre', ({ attempt }) => JSON.stringify(attempt.cadre)),
    numberColumn('created_at', ({ attempt }) => attempt.createdAt),
  ],
  later: [
    textColumn('status', ({ attempt }) => attempt.status),
    textColumn('tally_id', ({ attempt }) => attempt.tallyId),
    textColumn('owner', ({ attempt }) => attempt.lease?.owner),
    numberColumn('lease_until', ({ attempt }) => attempt.lease?.until ?? 0),
    textColumn('consented_terms', ({ attempt: { consented } }) =>
      consented === undefined ? undefined : JSON.stringify(consented.terms),
    ),
    textColumn('consented_required', ({ attempt: { consented } }) =>
      consented === undefined ? undefined : JSON.stringify(consented.required),
    ),
    numberColumn('sessions', ({ attempt }) => attempt.sessions),
  ],
  toRow: (row) => ({ seq: integer(row, 'rowid'), attempt: toAttempt(row) }),
}

import { compact } from '../../protocol/base/compact.ts'
import type { ReceiptMarks } from '../../protocol/receipt/receipt.ts'
import type { TallyRecord } from '../../session/ports/tally.ts'
import type { Tables } from '../work/tables.ts'
import type { TallyRow } from './row-types.ts'
import type { Rows } from './rows.ts'

/** The tallies this side holds. */
export function memoryTallies({ documents, redemptions, tallies }: Rows): Tables['tallies'] {
  return {
    // A tally that is already here was agreed on once; a repeated answer does not change it.
    insert: ({ receipt, ...tally }) =>
      tallies.add({ tally, withdrawnAt: undefined, ...receiptColumns(receipt) }),
    confirm: (tallyId, signatures = {}) => {
      const confirmed = tallies.update(
        tallyId,
        (row) => row.tally.status !== 'confirmed' || isAny(newOf(row, signatures)),
        (row) => ({
          tally: { ...row.tally, status: 'confirmed' },
          withdrawnAt: undefined,
          ...newOf(row, signatures),
        }),
      )
      return confirmed !== undefined
    },
    // One that both sides have signed stays as it is.
    setReceipt: (tallyId, receipt) =>
      void tallies.update(
        tallyId,
        (row) => row.inviterSignature === undefined || row.inviteeSignature === undefined,
        (row) => ({
          ...receiptColumns(withOpening(row, receipt)),
          tally: withComparison(row, receipt),
        }),
      ),
    remove: (tallyId) => {
      documents.delete(tallyId)
      tallies.delete(tallyId)
    },
    find: (tallyId) => tallyIn(tallies.get(tallyId)),
    ofRedemption: (redemptionId) => {
      const row = redemptions.get(redemptionId)
      return row?.state === 'committed' ? tallyIn(tallies.get(row.tallyId)) : undefined
    },
  }
}

type Signatures = NonNullable<Parameters<Tables['tallies']['confirm']>[1]>

/** Returns what is missing: of the signatures, and of the words' number if there is a receipt. */
function newOf({ marks, ...row }: TallyRow, { inviter, invitee, opening }: Signatures) {
  const isNew = marks !== undefined && marks.opening === undefined && opening !== undefined
  return compact({
    marks: isNew ? { ...marks, opening } : undefined,
    inviterSignature: row.inviterSignature === undefined ? inviter : undefined,
    inviteeSignature: row.inviteeSignature === undefined ? invitee : undefined,
  })
}

function isAny(members: object): boolean {
  return Object.keys(members).length > 0
}

/** Keeps the number that was there, if it is about the same answer. */
function withOpening({ marks }: TallyRow, receipt: ReceiptMarks): ReceiptMarks {
  const known = marks?.response === receipt.response ? marks.opening : undefined
  return known === undefined ? receipt : { ...receipt, opening: known }
}

/** Two people have compared the words of that answer. */
function withComparison({ marks, tally }: TallyRow, receipt: ReceiptMarks): TallyRow['tally'] {
  if (marks?.response === receipt.response) return tally
  const { comparedAt: _ofAnother, ...rest } = tally
  return rest
}

function receiptColumns(receipt: TallyRecord['receipt']): Omit<TallyRow, 'tally' | 'withdrawnAt'> {
  if (receipt === undefined) {
    return { marks: undefined, inviterSignature: undefined, inviteeSignature: undefined }
  }
  const { inviterSignature, inviteeSignature, ...marks } = receipt
  return { marks, inviterSignature, inviteeSignature }
}

function tallyIn(row: TallyRow | undefined): TallyRecord | undefined {
  if (row === undefined) return undefined
  const { tally, marks, inviterSignature, inviteeSignature, withdrawnAt } = row
  const receipt = marks && compact({ ...marks, inviterSignature, inviteeSignature })
  const status = withdrawnAt === undefined ? tally.status : ('withdrawn' as const)
  return compact({ ...tally, status, receipt })
}

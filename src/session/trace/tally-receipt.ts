import { compact } from '../../protocol/base/compact.ts'
import type { ReceiptBody, Receipted, ReceiptMarks } from '../../protocol/receipt/receipt.ts'
import { RECEIPT_VERSION, receiptBytes } from '../../protocol/receipt/receipt.ts'
import type { TallyRecord } from '../ports/tally.ts'

/** The facts of a tally that its receipt is about. */
export type ReceiptedTally = Pick<
  TallyRecord,
  'tallyId' | 'role' | 'partner' | 'built' | 'redemptionId' | 'createdAt'
>

/**
 * Returns the receipt's body, which both sides sign: it is the same from either side's record of the tally.
 * @param localPeer this side's party id
 */
export function receiptBody(
  { tallyId, role: own, partner, built, redemptionId, createdAt }: ReceiptedTally,
  { tokenId, request, response }: ReceiptMarks,
  localPeer: string,
): ReceiptBody {
  const role = built.tally.createdBy
  const [inviter, invitee] =
    own === role ? [localPeer, partner.peerId] : [partner.peerId, localPeer]
  return {
    v: RECEIPT_VERSION,
    redemptionId,
    tokenId,
    inviter,
    invitee,
    role,
    tallyId,
    draft: built.draft.sha256,
    request,
    response,
    approvedAt: createdAt,
  }
}

/** A receipt that has no signature yet. */
export interface UnsignedReceipt {
  /** The bytes that both sides sign. */
  readonly bytes: Uint8Array
  readonly marks: ReceiptMarks
}

/** Writes the receipt for a tally. @param localPeer as for `receiptBody` @throws CanonicalJsonError */
export function unsignedReceipt(
  tally: ReceiptedTally,
  marks: ReceiptMarks,
  localPeer: string,
): UnsignedReceipt {
  return { bytes: receiptBytes(receiptBody(tally, marks, localPeer)), marks }
}

/**
 * The receipt that this side keeps with a tally, or undefined if nobody signed one.
 * @param localPeer this side's party id
 */
export function readReceipt(tally: TallyRecord, localPeer: string): Receipted | undefined {
  const { receipt: marks } = tally
  if (marks === undefined) return undefined
  const { inviterSignature: inviter, inviteeSignature: invitee } = marks
  return {
    receipt: receiptBody(tally, marks, localPeer),
    signatures: compact({ inviter, invitee }),
  }
}

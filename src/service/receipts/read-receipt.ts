import { compact } from '../../protocol/base/compact.ts'
import type { Receipted } from '../../protocol/receipt/receipt.ts'
import type { TallyRecord } from '../../session/ports/store.ts'
import { receiptBody } from '../../session/trace/tally-receipt.ts'

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

import { type Receipted, receiptBytes } from './receipt.ts'
import { isSignedFor } from './receipt-signature.ts'

/** The state of one party's signature under a receipt. */
export type SignatureVerdict = 'good' | 'bad' | 'missing'

export interface ReceiptVerdict {
  readonly inviter: SignatureVerdict
  readonly invitee: SignatureVerdict
}

/** Checks both signatures against the party ids in the receipt, and a node's by its certificate. Needs nothing else. */
export function judgeReceipt({ receipt, signatures }: Receipted): ReceiptVerdict {
  const bytes = receiptBytes(receipt)
  const verdict = (peerId: string, signature: string | undefined): SignatureVerdict => {
    if (signature === undefined) return 'missing'
    return isSignedFor(peerId, bytes, signature, receipt.approvedAt) ? 'good' : 'bad'
  }
  return {
    inviter: verdict(receipt.inviter, signatures.inviter),
    invitee: verdict(receipt.invitee, signatures.invitee),
  }
}

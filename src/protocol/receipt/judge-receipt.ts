import { type Receipted, receiptBytes } from './receipt.ts'
import { isSignedBy } from './receipt-signature.ts'

/** The state of one party's signature under a receipt. */
export type SignatureVerdict = 'good' | 'bad' | 'missing'

export interface ReceiptVerdict {
  readonly inviter: SignatureVerdict
  readonly invitee: SignatureVerdict
}

/** Checks both signatures against the party ids in the receipt. Needs nothing else. */
export function judgeReceipt({ receipt, signatures }: Receipted): ReceiptVerdict {
  const bytes = receiptBytes(receipt)
  const verdict = (peerId: string, signature: string | undefined): SignatureVerdict => {
    if (signature === undefined) return 'missing'
    return isSignedBy(peerId, bytes, signature) ? 'good' : 'bad'
  }
  return {
    inviter: verdict(receipt.inviter, signatures.inviter),
    invitee: verdict(receipt.invitee, signatures.invitee),
  }
}

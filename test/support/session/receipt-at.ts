import { type ReceiptBody, receiptBytes } from '../../../src/protocol/receipt/receipt.ts'
import { isSignedBy } from '../../../src/protocol/receipt/receipt-signature.ts'
import { receiptBody } from '../../../src/session/trace/tally-receipt.ts'
import type { TestNode } from './world.ts'

/** The receipt that a node can show of its only tally, and who has signed it. */
export async function receiptAt(node: TestNode) {
  const [tally] = await node.tallies
  if (tally?.receipt === undefined) return undefined
  const body: ReceiptBody = receiptBody(tally, tally.receipt, node.peerId)
  const { inviterSignature, inviteeSignature } = tally.receipt
  const isBy = (peerId: string, signature: string | undefined) =>
    signature !== undefined && isSignedBy(peerId, receiptBytes(body), signature)
  return {
    body,
    by: [
      ...(isBy(body.inviter, inviterSignature) ? ['inviter'] : []),
      ...(isBy(body.invitee, inviteeSignature) ? ['invitee'] : []),
    ],
    signatures: [inviterSignature, inviteeSignature],
  }
}

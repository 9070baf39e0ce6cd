import type { Approval, BuiltDatabase, Receipt } from '../../protocol/message/messages.ts'
import { type ReceiptMarks, receiptBytes } from '../../protocol/receipt/receipt.ts'
import { isSignedBy, signatureText } from '../../protocol/receipt/receipt-signature.ts'
import type { Plan } from '../machine/dialer-state.ts'
import type { TallyRecord } from '../ports/store.ts'
import { receiptBody } from '../trace/tally-receipt.ts'
import { requestHashOf } from './contact-message.ts'
import type { DialerDesk, Unsigned } from './dialer-context.ts'
import { keptTally } from './kept-tally.ts'

/**
 * What is wrong with how the inviter has signed its answer, or undefined. Looked at on this thread: on another one it
 * takes as long, and those who came together would not share a commit any more.
 */
export function answerSignatureProblem(
  desk: DialerDesk,
  plan: Plan,
  approval: Approval,
): string | undefined {
  const { requestHash, signature, built } = approval
  // An inviter that signs no receipts.
  if (requestHash === undefined) return undefined
  // Who has lost its state does not know whether it asked for another one, then.
  const asked = [plan.another, !plan.another].some(
    (another) => requestHashOf({ ...plan, another }) === requestHash,
  )
  if (!asked) return 'it answers another request'
  if (built === undefined) return undefined
  if (signature === undefined) return 'it is not signed'
  const forged = 'the signature under the receipt is not the inviter’s'
  const bytes = unsigned(desk, plan, approval, built)?.bytes
  if (bytes === undefined) return forged
  return isSignedBy(plan.inviter, bytes, signature) ? undefined : forged
}

/** The tally with this side's signature under its receipt, which the next message carries. */
export function signedTally(
  desk: DialerDesk,
  plan: Plan,
  approval: Approval,
  built: BuiltDatabase,
  status: 'held' | 'confirmed',
): TallyRecord {
  const tally = keptTally(plan, approval, built, status)
  const made = unsigned(desk, plan, approval, built)
  if (made === undefined) return tally
  const { bytes, marks } = made
  const own = desk.ports.sign?.(bytes)
  const signature = own === undefined ? undefined : signatureText(own)
  desk.receipt = { bytes, signature }
  const theirs = approval.signature
  const receipt: ReceiptMarks = {
    ...marks,
    // Where the invitee builds, the inviter signs at the end.
    ...(approval.built === undefined || theirs === undefined ? {} : { inviterSignature: theirs }),
    ...(signature === undefined ? {} : { inviteeSignature: signature }),
  }
  return { ...tally, receipt }
}

/** foil: what the inviter's last word means here: what is wrong with its signature, if anything is. */
export function readReceipt(
  { receipt: made, inviter }: DialerDesk,
  receipt: Receipt,
): { readonly receipt: Receipt; readonly problem?: string } {
  const { signature, ...rest } = receipt
  if (receipt.outcome !== 'confirmed' || made?.signature === undefined) return { receipt: rest }
  if (signature === undefined) return { receipt, problem: 'it is not signed, and ours was' }
  return isSignedBy(inviter, made.bytes, signature)
    ? { receipt }
    : { receipt, problem: 'the signature under it is not the inviter’s' }
}

/** Asked when the answer is checked, and again when it is kept. */
function unsigned(
  desk: DialerDesk,
  plan: Plan,
  approval: Approval,
  built: BuiltDatabase,
): Unsigned | undefined {
  const { requestHash: request } = approval
  const { contentHash: response } = desk
  if (request === undefined || response === undefined) return undefined
  if (desk.unsigned?.built === built) return desk.unsigned
  const marks = { tokenId: plan.tokenId, request, response }
  const tally = keptTally(plan, approval, built, 'held')
  desk.unsigned = { built, bytes: receiptBytes(receiptBody(tally, marks, plan.localPeer)), marks }
  return desk.unsigned
}

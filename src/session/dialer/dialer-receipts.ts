import type { Approval, BuiltDatabase, Receipt } from '../../protocol/message/messages.ts'
import type { ReceiptMarks } from '../../protocol/receipt/receipt.ts'
import { isSignedBy, signatureText } from '../../protocol/receipt/receipt-signature.ts'
import type { Plan } from '../machine/dialer-state.ts'
import type { TallyRecord } from '../ports/store.ts'
import { type UnsignedReceipt, unsignedReceipt } from '../trace/tally-receipt.ts'
import { requestHashOf } from './contact-message.ts'
import type { DialerContext } from './dialer-context.ts'
import { keptTally } from './kept-tally.ts'

/**
 * What is wrong with how the inviter has signed its answer, or undefined. Looked at on this thread: on another one it
 * takes as long, and those who came together would not share a commit any more.
 */
export function answerSignatureProblem(
  context: DialerContext,
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
  const bytes = unsigned(context, plan, approval, built)?.bytes
  if (bytes === undefined) return forged
  return isSignedBy(plan.inviter, bytes, signature) ? undefined : forged
}

/** The tally with this side's signature under its receipt, which the next message carries. */
export function signedTally(
  context: DialerContext,
  plan: Plan,
  approval: Approval,
  built: BuiltDatabase,
  status: 'held' | 'confirmed',
): TallyRecord {
  const tally = keptTally(plan, approval, built, status)
  const made = unsigned(context, plan, approval, built)
  if (made === undefined) return tally
  const { bytes, marks } = made
  const own = context.ports.sign?.(bytes)
  const signature = own === undefined ? undefined : signatureText(own)
  context.receipt = { bytes, signature }
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
export function readInviterReceipt(
  { receipt: made, inviter }: DialerContext,
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
  context: DialerContext,
  plan: Plan,
  approval: Approval,
  built: BuiltDatabase,
): UnsignedReceipt | undefined {
  const { requestHash: request } = approval
  const { contentHash: response } = context
  if (request === undefined || response === undefined) return undefined
  if (context.unsigned?.built === built) return context.unsigned
  const marks = { tokenId: plan.tokenId, request, response }
  const tally = keptTally(plan, approval, built, 'held')
  context.unsigned = { built, ...unsignedReceipt(tally, marks, plan.localPeer) }
  return context.unsigned
}

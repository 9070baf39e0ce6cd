import type { Approval, BuiltDatabase, Receipt } from '../../protocol/messages.ts'
import { type ReceiptMarks, receiptBytes } from '../../protocol/receipt.ts'
import { isSignedBy, signatureText } from '../../protocol/receipt-signature.ts'
import type { Plan } from '../machine/dialer-state.ts'
import type { TallyRecord } from '../ports/store.ts'
import { receiptBody } from '../tally-receipt.ts'
import { requestHashOf } from './contact-message.ts'
import type { DialerDesk } from './dialer-desk.ts'
import { keptTally } from './kept-tally.ts'

/** What is wrong with how the inviter has signed its answer, or undefined. */
export function answerSignatureProblem(
  desk: DialerDesk,
  plan: Plan,
  approval: Approval,
): string | undefined {
  const { requestHash, signature, built } = approval
  // An inviter that signs no receipts.
  if (requestHash === undefined) return undefined
  // Who has lost its state does not know whether it asked for another one, then.
  const asked = [true, false].map((another) => requestHashOf({ ...plan, another }))
  if (!asked.includes(requestHash)) return 'it answers another request'
  if (built === undefined) return undefined
  if (signature === undefined) return 'it is not signed'
  const bytes = unsigned(desk, plan, approval, built)?.bytes
  const isGood = bytes !== undefined && isSignedBy(plan.inviter, bytes, signature)
  return isGood ? undefined : 'the signature under the receipt is not the inviter’s'
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

function unsigned(
  { contentHash: response }: DialerDesk,
  plan: Plan,
  approval: Approval,
  built: BuiltDatabase,
): { readonly bytes: Uint8Array; readonly marks: ReceiptMarks } | undefined {
  const { requestHash: request } = approval
  if (request === undefined || response === undefined) return undefined
  const marks = { tokenId: plan.tokenId, request, response }
  const tally = keptTally(plan, approval, built, 'held')
  return { bytes: receiptBytes(receiptBody(tally, marks, plan.localPeer)), marks }
}

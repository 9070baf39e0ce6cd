import { compact } from '../../protocol/base/compact.ts'
import type { Approval, BuiltDatabase, Receipt } from '../../protocol/message/messages.ts'
import { isSignedFor, signatureText } from '../../protocol/receipt/receipt-signature.ts'
import type { DialerChange } from '../machine/dialer-effect.ts'
import type { Plan } from '../machine/dialer-state.ts'
import type { OfType } from '../machine/transition.ts'
import type { TallyRecord } from '../ports/tally.ts'
import { type UnsignedReceipt, unsignedReceipt } from '../trace/tally-receipt.ts'
import { requestHashOf } from './contact-message.ts'
import type { DialerContext, DialerFound } from './dialer-context.ts'
import { keptTally } from './kept-tally.ts'

/**
 * Tells what is wrong with how the inviter has signed its answer, if anything. Checked on this thread: on another one it
 * takes as long, and sessions that came together would not share a commit any more.
 */
export function answerSignatureProblem(
  plan: Plan,
  approval: Approval,
  contentHash: string | undefined,
): string | undefined {
  const { requestHash, signature, built } = approval
  // An inviter that signs no receipts.
  if (requestHash === undefined) return undefined
  // A side that has lost its state does not know whether it asked for another one, then.
  const asked = [plan.another, !plan.another].some(
    (another) => requestHashOf({ ...plan, another }) === requestHash,
  )
  if (!asked) return 'it answers another request'
  if (built === undefined) return undefined
  if (signature === undefined) return 'it is not signed'
  const forged = 'the signature under the receipt is not the inviter’s'
  const bytes = unsigned(plan, approval, built, contentHash)?.bytes
  if (bytes === undefined) return forged
  return isSignedFor(plan.inviter, bytes, signature, approval.approvedAt) ? undefined : forged
}

/** The tally with this side's signature under its receipt, which the next message carries. */
export function signedTally(
  context: DialerContext,
  { plan, approval, built, contentHash, status }: OfType<DialerChange, 'keepTally'>,
): Pick<DialerFound, 'receipt'> & { readonly tally: TallyRecord } {
  const tally = keptTally(plan, approval, built, status)
  const made = unsigned(plan, approval, built, contentHash)
  if (made === undefined) return { tally }
  const { bytes, marks } = made
  const own = context.ports.sign?.(bytes)
  const signature = own === undefined ? undefined : signatureText(own)
  // Where the invitee builds, the inviter signs at the end.
  const inviterSignature = approval.built === undefined ? undefined : approval.signature
  const { opening } = plan
  const receipt = compact({ ...marks, inviterSignature, inviteeSignature: signature, opening })
  return {
    tally: { ...tally, receipt },
    receipt: compact({ bytes, signature, approvedAt: approval.approvedAt }),
  }
}

/** foil: reads the inviter's last word, and tells what is wrong with its signature, if anything is. */
export function readInviterReceipt(
  { found, peerId }: Pick<DialerContext, 'found' | 'peerId'>,
  receipt: Receipt,
): { readonly receipt: Receipt; readonly problem?: string } {
  const { signature, ...rest } = receipt
  const made = found.receipt
  if (receipt.outcome !== 'confirmed' || made?.signature === undefined) return { receipt: rest }
  if (signature === undefined) return { receipt, problem: 'it is not signed, and ours was' }
  return isSignedFor(peerId, made.bytes, signature, made.approvedAt)
    ? { receipt }
    : { receipt, problem: 'the signature under it is not the inviter’s' }
}

/** Asked when the answer is checked, and again when it is kept. */
function unsigned(
  plan: Plan,
  approval: Approval,
  built: BuiltDatabase,
  contentHash: string | undefined,
): UnsignedReceipt | undefined {
  const { requestHash: request } = approval
  if (request === undefined || contentHash === undefined) return undefined
  const marks = { tokenId: plan.tokenId, request, response: contentHash }
  return unsignedReceipt(keptTally(plan, approval, built, 'held'), marks, plan.localPeer)
}

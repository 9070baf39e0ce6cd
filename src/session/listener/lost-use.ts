import { compact } from '../../protocol/base/compact.ts'
import { parseReceipt } from '../../protocol/receipt/parse-receipt.ts'
import { type ReceiptBody, type Receipted, receiptBytes } from '../../protocol/receipt/receipt.ts'
import { isSignedFor } from '../../protocol/receipt/receipt-signature.ts'
import { isRecognised } from '../host/denial.ts'
import type { StepScope } from '../host/step-scope.ts'
import type { Denial } from '../machine/listener-event.ts'
import type { Grant } from '../machine/listener-state.ts'
import type { StoreLookups } from '../ports/lookups.ts'
import { answerTo } from '../ports/work.ts'
import type { ListenerContext } from './listener-context.ts'
import { isDenial, refuseToken } from './listener-tokens.ts'

/** Bytes of a signature, Ed25519. */
const SIGNATURE_BYTES = 64

const LOST: Denial = {
  code: 'used',
  reason:
    'your receipt is good, but this store knows nothing of it: a backup may have been put back',
}

/**
 * Goes on with a request, unless it comes with this node's own receipt for a use that this store knows nothing of. Then
 * uses were given that are not counted here: the invitation is stopped, and the peer gets no second tally.
 */
export function unlessLost(
  context: ListenerContext,
  scope: StepScope,
  tokenId: string,
  answer: Grant | Denial,
  goOn: () => void,
): void {
  const shown = context.shown === undefined ? undefined : receiptIn(context.shown)
  if (shown === undefined) return goOn()
  context.ask(
    (lookups) => isLost(context, lookups, { tokenId, answer }, shown),
    (lost) => {
      if (scope.over) return
      if (lost) refuse(context, scope, answer, shown.receipt)
      else goOn()
    },
  )
}

/** Reads a receipt; undefined if it is none, and so proves nothing. */
function receiptIn(text: string): Receipted | undefined {
  try {
    return parseReceipt(Buffer.from(text))
  } catch {
    return undefined
  }
}

/** The store is asked first: nearly always it knows, and a signature takes longer. */
async function isLost(
  { peerId, party, ports: { sign } }: ListenerContext,
  lookups: StoreLookups,
  { tokenId, answer }: { readonly tokenId: string; readonly answer: Grant | Denial },
  { receipt, signatures: { inviter } }: Receipted,
): Promise<boolean> {
  const isOurs = receipt.inviter === party.peerId && receipt.invitee === peerId
  if (!isOurs || receipt.tokenId !== tokenId || inviter === undefined) return false
  if (await lookups.redemptions.knows(receipt.redemptionId, tokenId, peerId)) return false
  const bytes = receiptBytes(receipt)
  // Another node of the party has a store of its own, with invitations that this one never had.
  const isUnknown = isDenial(answer) && !isRecognised(answer)
  if (isUnknown && sign !== undefined && !isSameKey(sign(bytes), inviter)) return false
  return isSignedFor(receipt.inviter, bytes, inviter, receipt.approvedAt)
}

/** True of two signatures under the same bytes that one key has made, with whatever certificates: Ed25519 leaves nothing to chance. */
function isSameKey(own: Uint8Array, signature: string): boolean {
  const other = Buffer.from(signature, 'base64url').subarray(0, SIGNATURE_BYTES)
  return other.equals(own.subarray(0, SIGNATURE_BYTES))
}

function refuse(
  context: ListenerContext,
  scope: StepScope,
  answer: Grant | Denial,
  receipt: ReceiptBody,
): void {
  const { sessionId, peerId, ports } = context
  const { redemptionId, tokenId, tallyId, invitee } = receipt
  const now = ports.clock.now()
  const lost = { lostBy: 'here', redemptionId, tokenId, peerId, tallyId, at: now } as const
  // A standing invitation has no number of uses that could be exceeded.
  const stop = isDenial(answer) || answer.usesAllowed === null ? undefined : answer
  const facts = context.audit.facts(context)
  const work = [compact({ op: 'noteLostUse', lost, stop, now, facts })] as const
  context.submit(work, (outcome, durable) => {
    if (outcome.kind === 'applied' && answerTo('noteLostUse', work, outcome).isNews) {
      const detail = `${invitee} holds a receipt of yours for tally ${tallyId}, which this store does not know: it lost uses of invitation ${tokenId}`
      // The session is told of a lost batch, too.
      durable.then(() => ports.alarmed(sessionId, detail)).catch(() => undefined)
    }
    if (!scope.over) refuseToken(context, tokenId, LOST)
  })
}

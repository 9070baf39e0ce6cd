import { parseReceipt } from '../../protocol/receipt/parse-receipt.ts'
import { type ReceiptBody, type Receipted, receiptBytes } from '../../protocol/receipt/receipt.ts'
import { isSignedBy } from '../../protocol/receipt/receipt-signature.ts'
import type { Denial } from '../machine/listener-event.ts'
import type { Grant } from '../machine/listener-state.ts'
import type { StoreReading, StoreTransaction } from '../ports/store.ts'
import type { ListenerContext } from './listener-context.ts'
import { isDenial, refuseToken } from './listener-tokens.ts'

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
  tokenId: string,
  answer: Grant | Denial,
  goOn: () => void,
): void {
  const shown = context.shown === undefined ? undefined : receiptIn(context.shown)
  if (shown === undefined) return goOn()
  context.query(
    (reading) => isLost(context, reading, tokenId, shown),
    (lost) => (lost ? refuse(context, answer, shown.receipt) : goOn()),
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
function isLost(
  { peerId, party }: ListenerContext,
  reading: StoreReading,
  tokenId: string,
  { receipt, signatures }: Receipted,
): boolean {
  const isOurs = receipt.inviter === party.peerId && receipt.invitee === peerId
  if (!isOurs || receipt.tokenId !== tokenId || signatures.inviter === undefined) return false
  if (reading.knowsUse(receipt.redemptionId, tokenId, peerId)) return false
  return isSignedBy(receipt.inviter, receiptBytes(receipt), signatures.inviter)
}

function refuse(context: ListenerContext, answer: Grant | Denial, receipt: ReceiptBody): void {
  const { sessionId, ports } = context
  context.consult(
    (transaction) => note(context, transaction, answer, receipt),
    (isNews, durable) => {
      if (isNews) {
        const detail = `${receipt.invitee} holds a receipt of yours for tally ${receipt.tallyId}, which this store does not know: it lost uses of invitation ${receipt.tokenId}`
        // The session was told by `consult`.
        durable.then(() => ports.alarmed(sessionId, detail)).catch(() => undefined)
      }
      refuseToken(context, receipt.tokenId, LOST)
    },
  )
}

/** True if it was not known before. */
function note(
  { sessionId: id, peerId, ports, audit }: ListenerContext,
  transaction: StoreTransaction,
  answer: Grant | Denial,
  { redemptionId, tokenId, tallyId }: ReceiptBody,
): boolean {
  const now = ports.clock.now()
  const lost = { lostBy: 'here', redemptionId, tokenId, peerId, tallyId, at: now } as const
  const isNews = transaction.noteLoss(lost)
  // A standing invitation has no number of uses that could be exceeded.
  const isCounted = !isDenial(answer) && answer.usesAllowed !== null
  const isStopped = isCounted && transaction.stopToken(answer, now)
  const facts = { id, peerId, tokenId, redemptionId }
  if (isNews)
    audit.write(transaction, 'security', 'alarm', facts, { event: 'token.lost_use', tallyId })
  if (isStopped)
    audit.write(transaction, 'token', 'warning', facts, { event: 'revoked', cause: 'lost_use' })
  return isNews
}

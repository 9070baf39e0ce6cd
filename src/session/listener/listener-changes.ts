import { compact } from '../../protocol/base/compact.ts'
import { encodeMessage } from '../../protocol/message/message-codec.ts'
import { messageHash } from '../../protocol/message/message-hash.ts'
import { DELEGATED_RESERVATION_MS } from '../config/reservation-times.ts'
import { AnswerError, ApprovalVoidError, FenceLostError, TallyTakenError } from '../errors.ts'
import type { ListenerChange } from '../machine/listener-effect.ts'
import type { Claim, Grant } from '../machine/listener-state.ts'
import type { OfType } from '../machine/transition.ts'
import type { ApprovedWrite, StoreTransaction, TallyRecord } from '../ports/store.ts'
import { databaseDigest } from '../trace/database-digest.ts'
import { withdrawRemoval } from '../upkeep/removal-claims.ts'
import { oweNotice } from '../upkeep/use-notices.ts'
import { approvalOf, inviterTally, receiptOf } from './listener-answer.ts'
import type { ListenerContext, ListenerFound } from './listener-context.ts'
import { redemptionOf } from './listener-databases.ts'
import { signedAnswer } from './listener-receipts.ts'

/**
 * Writes one change of a transition.
 * @throws FenceLostError if somebody took over, ApprovalVoidError if the token was revoked since it was checked,
 *   TallyTakenError if another tally has that id, AnswerError if the answer does not fit into a message
 */
export function applyListenerChange(
  context: ListenerContext,
  change: ListenerChange,
  transaction: StoreTransaction,
): ListenerFound | undefined {
  const now = context.ports.clock.now()
  switch (change.type) {
    case 'approve':
      return mustBeAllowed(change, transaction.approve(change.claim))
    case 'intendProvision': {
      const awaitsRemoval = !withdrawRemoval(context.ports, transaction, change.claim.tallyId)
      mustBeAllowed(change, transaction.intendProvision(change.claim, now))
      return { awaitsRemoval }
    }
    case 'delegateProvision':
      return delegate(context, change, transaction)
    case 'commitBuilt':
      return commitBuilt(context, change, transaction)
    case 'commitDelegated':
      return commitDelegated(context, change, transaction)
    case 'confirm':
      return confirm(context, change, transaction)
    case 'noteForgery':
      return noteForgery(context, change, transaction)
    case 'release':
      // Whoever took over owns the use now; there is nothing of ours to give back.
      if (!transaction.release(change.claim, change.reason, now)) return undefined
      return note(context, transaction, change, 'released', { reason: change.reason })
    case 'oweRemoval': {
      const { claim, tallyId, reason } = change
      const { redemptionId, fence } = claim
      const { sessionId, peerId } = context
      const order = { tallyId, redemptionId, fence, sessionId, peerId, reason }
      transaction.oweRemoval(order, now)
      return undefined
    }
    case 'decline': {
      const { tokenId, peerId, reason } = change
      transaction.decline(tokenId, peerId, reason, now)
      const facts = { id: context.sessionId, peerId, tokenId }
      context.audit.write(transaction, 'token', 'notice', facts, { event: 'declined' })
      return undefined
    }
    default:
      return change satisfies never
  }
}

/** @throws AnswerError */
function fitting<Made>(make: () => Made): Made {
  try {
    return make()
  } catch (error) {
    throw new AnswerError('the answer does not fit into a message', { cause: error })
  }
}

function must(claim: Claim, stillOurs: boolean): void {
  if (!stillOurs) throw new FenceLostError(claim.redemptionId)
}

function mustBeAllowed(
  { claim, grant }: { readonly claim: Claim; readonly grant: Grant },
  written: ApprovedWrite,
): undefined {
  if (written === 'revoked') throw new ApprovalVoidError(claim, grant)
  must(claim, written === 'done')
}

function note(
  context: ListenerContext,
  transaction: StoreTransaction,
  { claim, tokenId }: { readonly claim: Claim; readonly tokenId: string },
  event: string,
  data: Readonly<Record<string, string | number | boolean>>,
): undefined {
  const { sessionId: id, peerId } = context
  const facts = { id, peerId, redemptionId: claim.redemptionId, tokenId }
  context.audit.write(transaction, 'token', 'info', facts, { event, fence: claim.fence, ...data })
}

function confirm(
  context: ListenerContext,
  { redemptionId, peerId, responseHash, signature }: OfType<ListenerChange, 'confirm'>,
  transaction: StoreTransaction,
): ListenerFound | undefined {
  const now = context.ports.clock.now()
  const confirmed = transaction.confirm(redemptionId, peerId, responseHash, now, signature)
  if (confirmed === undefined)
    return { isWithdrawn: transaction.reaping.isWithdrawn(redemptionId, peerId, responseHash) }
  const { tokenId, tallyId, isNews } = confirmed
  if (!isNews) return undefined
  const facts = { id: context.sessionId, peerId, redemptionId, tokenId }
  const data = { event: 'confirmed', tallyId, signed: signature !== undefined }
  context.audit.write(transaction, 'token', 'info', facts, data)
  return undefined
}

function noteForgery(
  { sessionId: id, peerId, audit }: ListenerContext,
  { redemptionId }: OfType<ListenerChange, 'noteForgery'>,
  transaction: StoreTransaction,
): undefined {
  const facts = { id, peerId, redemptionId }
  audit.write(transaction, 'security', 'alarm', facts, { event: 'receipt.forged' })
}

function delegate(
  context: ListenerContext,
  change: OfType<ListenerChange, 'delegateProvision'>,
  transaction: StoreTransaction,
): ListenerFound {
  const { claim, grant, buildWithinMs } = change
  const { tokenId } = grant
  const signs = context.ports.sign !== undefined
  const response = fitting(() =>
    encodeMessage(
      approvalOf(redemptionOf(context, change), context.sessionId, { buildWithinMs }, signs),
    ),
  )
  const until = context.ports.clock.now() + DELEGATED_RESERVATION_MS
  mustBeAllowed(change, transaction.delegate(claim, response, until))
  note(context, transaction, { claim, tokenId }, 'delegated', { until })
  return { response }
}

function commitBuilt(
  context: ListenerContext,
  change: OfType<ListenerChange, 'commitBuilt'>,
  transaction: StoreTransaction,
): ListenerFound {
  const { claim, built } = change
  const redemption = redemptionOf(context, change)
  const { payload, tally, receipt } = fitting(() => {
    const { approval, ...rest } = signedAnswer(context, redemption, built)
    return { payload: encodeMessage(approval), ...rest }
  })
  const response = { payload, hash: messageHash(payload) }
  commit(context, claim, tally, { response }, transaction)
  database(context, change, transaction)
  return compact({ response: payload, receipt })
}

function commitDelegated(
  context: ListenerContext,
  change: OfType<ListenerChange, 'commitDelegated'>,
  transaction: StoreTransaction,
): undefined {
  const { claim, built, receipt: marks } = change
  const { tallyId } = built.tally
  const signature = marks?.inviterSignature
  const receipt = fitting(() => encodeMessage(receiptOf(claim.redemptionId, tallyId, signature)))
  const kept = inviterTally(redemptionOf(context, change), built, 'confirmed')
  const tally = marks === undefined ? kept : { ...kept, receipt: marks }
  commit(context, claim, tally, { receipt }, transaction)
  database(context, change, transaction, { signed: marks?.inviteeSignature !== undefined })
}

function commit(
  context: ListenerContext,
  claim: Claim,
  tally: TallyRecord,
  bytes: Parameters<StoreTransaction['commit']>[2],
  transaction: StoreTransaction,
): void {
  if (transaction.commit(claim, tally, bytes, context.ports.clock.now())) return
  const other = transaction.findTally(tally.tallyId)
  if (other !== undefined && other.redemptionId !== claim.redemptionId)
    throw new TallyTakenError(tally.tallyId, bytes.receipt !== undefined)
  throw new FenceLostError(claim.redemptionId)
}

/** Token and database share the commit, and the record of it. */
function database(
  context: ListenerContext,
  {
    claim,
    grant,
    built,
  }: OfType<ListenerChange, 'commitBuilt'> | OfType<ListenerChange, 'commitDelegated'>,
  transaction: StoreTransaction,
  more: { readonly signed?: boolean } = {},
): void {
  const { sessionId, peerId, ports } = context
  const { redemptionId, fence } = claim
  oweNotice(ports, transaction, { redemptionId, fence, sessionId, peerId, tokenId: grant.tokenId })
  note(context, transaction, { claim, tokenId: grant.tokenId }, 'committed', {
    use: claim.use,
    tallyId: built.tally.tallyId,
    createdBy: built.tally.createdBy,
    engine: built.database.engine,
    database: databaseDigest(built.database),
    draft: built.draft.sha256,
    ...more,
  })
  const { usesAllowed, tokenId } = grant
  if (usesAllowed === null || transaction.committedUses(tokenId) < usesAllowed) return
  note(context, transaction, { claim, tokenId }, 'consumed', { uses: usesAllowed })
}

import { encodeMessage } from '../../protocol/message/message-codec.ts'
import { messageHash } from '../../protocol/message/message-hash.ts'
import { DELEGATED_RESERVATION_MS } from '../config/reservation-times.ts'
import { AnswerError, ApprovalVoidError, FenceLostError, TallyTakenError } from '../errors.ts'
import type { ListenerChange } from '../machine/listener-effect.ts'
import type { Claim, Grant } from '../machine/listener-state.ts'
import type { ApprovedWrite, StoreTransaction, TallyRecord } from '../ports/store.ts'
import { withdrawRemoval } from '../upkeep/removal-claims.ts'
import { oweNotice } from '../upkeep/use-notices.ts'
import { approvalOf, inviterTally, receiptOf } from './listener-answer.ts'
import type { ListenerDesk } from './listener-context.ts'
import { redemptionOf } from './listener-databases.ts'
import { signedAnswer } from './listener-receipts.ts'

type ChangeOf<Type extends ListenerChange['type']> = Extract<ListenerChange, { type: Type }>

/**
 * What a transition writes beside itself.
 * @throws FenceLostError if somebody took over, ApprovalVoidError if the token was revoked since it was checked,
 *   TallyTakenError if another tally has that id, AnswerError if the answer does not fit into a message
 */
export function applyListenerChange(
  desk: ListenerDesk,
  change: ListenerChange,
  transaction: StoreTransaction,
): void {
  const now = desk.ports.clock.now()
  switch (change.type) {
    case 'approve':
      return mustBeAllowed(change, transaction.approve(change.claim))
    case 'intendProvision':
      desk.awaitsRemoval = !withdrawRemoval(desk.ports, transaction, change.claim.tallyId)
      return mustBeAllowed(change, transaction.intendProvision(change.claim, now))
    case 'delegateProvision':
      return delegate(desk, change, transaction)
    case 'commitBuilt':
      return commitBuilt(desk, change, transaction)
    case 'commitDelegated':
      return commitDelegated(desk, change, transaction)
    case 'confirm':
      return confirm(desk, change, transaction)
    case 'noteForgery':
      return noteForgery(desk, change, transaction)
    case 'release':
      // Whoever took over owns the use now; there is nothing of ours to give back.
      if (!transaction.release(change.claim, change.reason, now)) return
      return note(desk, transaction, change, 'released', { reason: change.reason })
    case 'oweRemoval': {
      const { claim, tallyId, reason } = change
      const { redemptionId, fence } = claim
      const { sessionId, peerId } = desk
      const order = { tallyId, redemptionId, fence, sessionId, peerId, reason }
      transaction.oweRemoval(order, now)
      return
    }
    case 'decline': {
      const { tokenId, peerId, reason } = change
      transaction.decline(tokenId, peerId, reason, now)
      const facts = { id: desk.sessionId, peerId, tokenId }
      return desk.audit.write(transaction, 'token', 'notice', facts, { event: 'declined' })
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
): void {
  if (written === 'revoked') throw new ApprovalVoidError(claim, grant)
  must(claim, written === 'done')
}

function note(
  desk: ListenerDesk,
  transaction: StoreTransaction,
  { claim, tokenId }: { readonly claim: Claim; readonly tokenId: string },
  event: string,
  data: Readonly<Record<string, string | number>>,
): void {
  const { sessionId: id, peerId } = desk
  const facts = { id, peerId, redemptionId: claim.redemptionId, tokenId }
  desk.audit.write(transaction, 'token', 'info', facts, { event, fence: claim.fence, ...data })
}

function confirm(
  desk: ListenerDesk,
  { redemptionId, peerId, responseHash, signature }: ChangeOf<'confirm'>,
  transaction: StoreTransaction,
): void {
  const now = desk.ports.clock.now()
  const found = transaction.confirm(redemptionId, peerId, responseHash, now, signature)
  if (found === undefined) {
    desk.isTooLate = transaction.reaping.isWithdrawn(redemptionId, peerId, responseHash)
    return
  }
  const { tokenId, tallyId, isNews } = found
  if (!isNews) return
  const facts = { id: desk.sessionId, peerId, redemptionId, tokenId }
  const data = { event: 'confirmed', tallyId, signed: signature !== undefined }
  desk.audit.write(transaction, 'token', 'info', facts, data)
}

function noteForgery(
  { sessionId: id, peerId, audit }: ListenerDesk,
  { redemptionId }: ChangeOf<'noteForgery'>,
  transaction: StoreTransaction,
): void {
  const facts = { id, peerId, redemptionId }
  audit.write(transaction, 'security', 'alarm', facts, { event: 'receipt.forged' })
}

function delegate(
  desk: ListenerDesk,
  change: ChangeOf<'delegateProvision'>,
  transaction: StoreTransaction,
): void {
  const { claim, grant, buildWithinMs } = change
  const { tokenId } = grant
  const signs = desk.ports.sign !== undefined
  const payload = fitting(() =>
    encodeMessage(approvalOf(redemptionOf(desk, change), desk.sessionId, { buildWithinMs }, signs)),
  )
  desk.response = payload
  const until = desk.ports.clock.now() + DELEGATED_RESERVATION_MS
  mustBeAllowed(change, transaction.delegate(claim, payload, until))
  note(desk, transaction, { claim, tokenId }, 'delegated', { until })
}

function commitBuilt(
  desk: ListenerDesk,
  change: ChangeOf<'commitBuilt'>,
  transaction: StoreTransaction,
): void {
  const { claim, built } = change
  const redemption = redemptionOf(desk, change)
  const { payload, tally } = fitting(() => {
    const { approval, tally } = signedAnswer(desk, redemption, built)
    return { payload: encodeMessage(approval), tally }
  })
  desk.response = payload
  const response = { payload, hash: messageHash(payload) }
  commit(desk, claim, tally, { response }, transaction)
  database(desk, change, transaction)
}

function commitDelegated(
  desk: ListenerDesk,
  change: ChangeOf<'commitDelegated'>,
  transaction: StoreTransaction,
): void {
  const { claim, built, receipt: marks } = change
  const { tallyId } = built.tally
  const signature = marks?.inviterSignature
  const receipt = fitting(() => encodeMessage(receiptOf(claim.redemptionId, tallyId, signature)))
  const kept = inviterTally(redemptionOf(desk, change), built, 'confirmed')
  const tally = marks === undefined ? kept : { ...kept, receipt: marks }
  commit(desk, claim, tally, { receipt }, transaction)
  database(desk, change, transaction)
}

function commit(
  desk: ListenerDesk,
  claim: Claim,
  tally: TallyRecord,
  bytes: Parameters<StoreTransaction['commit']>[2],
  transaction: StoreTransaction,
): void {
  if (transaction.commit(claim, tally, bytes, desk.ports.clock.now())) return
  const other = transaction.findTally(tally.tallyId)
  if (other !== undefined && other.redemptionId !== claim.redemptionId)
    throw new TallyTakenError(tally.tallyId, bytes.receipt !== undefined)
  throw new FenceLostError(claim.redemptionId)
}

/** Token and database share the commit, and the record of it. */
function database(
  desk: ListenerDesk,
  { claim, grant, built }: ChangeOf<'commitBuilt'> | ChangeOf<'commitDelegated'>,
  transaction: StoreTransaction,
): void {
  const { sessionId, peerId, ports } = desk
  const { redemptionId, fence } = claim
  oweNotice(ports, transaction, { redemptionId, fence, sessionId, peerId, tokenId: grant.tokenId })
  note(desk, transaction, { claim, tokenId: grant.tokenId }, 'committed', {
    use: claim.use,
    tallyId: built.tally.tallyId,
    createdBy: built.tally.createdBy,
    engine: built.database.engine,
    draft: built.draft.sha256,
  })
  const { usesAllowed, tokenId } = grant
  if (usesAllowed === null || transaction.committedUses(tokenId) < usesAllowed) return
  note(desk, transaction, { claim, tokenId }, 'consumed', { uses: usesAllowed })
}

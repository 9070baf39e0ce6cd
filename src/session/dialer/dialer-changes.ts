import { compact } from '../../protocol/base/compact.ts'
import { AttemptBusyError, BuildOvertakenError } from '../errors.ts'
import type { DialerChange } from '../machine/dialer-effect.ts'
import type { Plan } from '../machine/dialer-state.ts'
import type { OfType } from '../machine/transition.ts'
import type { Attempt, StoreTransaction } from '../ports/store.ts'
import { databaseDigest } from '../trace/database-digest.ts'
import { isClaimed } from '../upkeep/removal-claims.ts'
import { leaseOf } from './attempt-lease.ts'
import { requestHashOf } from './contact-message.ts'
import type { DialerContext, DialerFound } from './dialer-context.ts'
import { removalOrder } from './dialer-databases.ts'
import { signedTally } from './dialer-receipts.ts'

/** The link that a session is about, as the store knows it. */
export interface LinkKnown {
  readonly linkHash: string
  /** The newest attempt on it when this session was planned. */
  readonly after: string | undefined
}

/**
 * Writes one change of a transition.
 * @throws AttemptBusyError if somebody else works on this link, BuildOvertakenError if others remove what was built
 */
export function applyDialerChange(
  context: DialerContext,
  link: LinkKnown,
  change: DialerChange,
  transaction: StoreTransaction,
): DialerFound | undefined {
  const { plan } = change
  switch (change.type) {
    case 'beginAttempt':
      return begin(context, link, plan, transaction)
    case 'intendBuild':
      return intendBuild(context, change, transaction)
    case 'keepTally':
      return keep(context, change, transaction)
    case 'confirmTally':
      transaction.confirmTally(change.tallyId, change.signature)
      transaction.setAttempt(plan.attemptId, 'confirmed', change.tallyId)
      return note(context, transaction, plan, 'confirmed', { tallyId: change.tallyId })
    case 'discardTally':
      transaction.discardTally(change.tallyId)
      transaction.setAttempt(plan.attemptId, 'ended')
      return note(context, transaction, plan, 'discarded', { tallyId: change.tallyId })
    case 'oweRemoval': {
      const order = removalOrder(plan, change.tallyId, change.reason)
      transaction.oweRemoval(order, context.ports.clock.now())
      return undefined
    }
    case 'withdrawTally':
      return withdraw(context, plan, transaction)
    case 'noteDenied':
      return denied(context, change, transaction)
    case 'endAttempt':
      transaction.setAttempt(plan.attemptId, 'ended')
      return undefined
    default:
      return change satisfies never
  }
}

/** Removes nothing: a side that kept its half has it as evidence. */
function withdraw(context: DialerContext, plan: Plan, transaction: StoreTransaction): undefined {
  const { attemptId, inviter } = plan
  const now = context.ports.clock.now()
  const tallyId = transaction.reaping.noteWithdrawn(attemptId, inviter, now)
  if (tallyId !== undefined) note(context, transaction, plan, 'withdrawn', { tallyId }, 'warning')
}

/** Takes nothing back: the tally and its receipt are the evidence. */
function denied(
  { audit, ports, sessionId: id }: DialerContext,
  { plan, kept: { tallyId, redemptionId } }: OfType<DialerChange, 'noteDenied'>,
  transaction: StoreTransaction,
): undefined {
  const { tokenId, inviter: peerId } = plan
  const at = ports.clock.now()
  transaction.noteLoss({ lostBy: 'inviter', redemptionId, tokenId, peerId, tallyId, at })
  const facts = { id, peerId, tokenId, redemptionId: plan.attemptId }
  audit.write(transaction, 'security', 'alarm', facts, { event: 'tally.denied', tallyId })
}

/** Owes the removal of what is about to be built: whatever becomes of this session, it is kept in the end, or removed. */
function intendBuild(
  context: DialerContext,
  { plan, approval: { tallyId } }: OfType<DialerChange, 'intendBuild'>,
  transaction: StoreTransaction,
): DialerFound {
  const { clock, config } = context.ports
  const now = clock.now()
  // Later than this session can last, and so later than it can keep the tally.
  const dueAt = now + config.sessionTimeoutMs
  const claim = transaction.oweRemoval(removalOrder(plan, tallyId, 'not finished'), now, dueAt)
  note(context, transaction, plan, 'building', { tallyId })
  return { awaitsRemoval: isClaimed(context.ports, claim) }
}

function begin(
  context: DialerContext,
  { linkHash, after }: LinkKnown,
  plan: Plan,
  transaction: StoreTransaction,
): undefined {
  const { attemptId, bootstrapId, tokenId, inviter, role, identity, cadre, consented } = plan
  const now = context.ports.clock.now()
  const attempt: Omit<Attempt, 'sessions'> = compact({
    attemptId,
    bootstrapId,
    linkHash,
    tokenId,
    inviter,
    role,
    requestHash: requestHashOf(plan),
    identity,
    cadre,
    consented,
    status: 'running',
    createdAt: now,
  })
  const isOurs = transaction.beginAttempt(attempt, { lease: leaseOf(context), after, now })
  if (!isOurs) throw new AttemptBusyError(linkHash)
}

function keep(
  context: DialerContext,
  change: OfType<DialerChange, 'keepTally'>,
  transaction: StoreTransaction,
): DialerFound {
  const { plan, approval, built, status } = change
  const { tallyId } = built.tally
  const { tally, ...found } = signedTally(context, change)
  transaction.keepTally(tally)
  // A repeated answer changes nothing: the audit names what is kept, and not what was said.
  const stored = transaction.findTally(tallyId) ?? tally
  const owed = transaction.settleRemoval(tallyId)
  // Owed since `intendBuild`: who stood still for longer than its lease may find that others have seen to that.
  const isOurs = owed !== undefined && !isClaimed(context.ports, owed.claim)
  if (status === 'held' && tallyId === approval.tallyId && !isOurs)
    throw new BuildOvertakenError(tallyId)
  transaction.setAttempt(plan.attemptId, status, tallyId)
  if (plan.kept !== undefined) transaction.settleLoss(plan.kept.redemptionId)
  note(context, transaction, plan, status === 'held' ? 'held' : 'stored', {
    tallyId,
    engine: stored.built.database.engine,
    database: databaseDigest(stored.built.database),
    draft: stored.built.draft.sha256,
    signed: stored.receipt?.inviterSignature !== undefined,
  })
  return found
}

function note(
  context: DialerContext,
  transaction: StoreTransaction,
  plan: Plan,
  event: string,
  data: Readonly<Record<string, string | boolean>>,
  severity: 'info' | 'warning' = 'info',
): undefined {
  const facts = {
    id: context.sessionId,
    peerId: plan.inviter,
    tokenId: plan.tokenId,
    redemptionId: plan.attemptId,
  }
  context.audit.write(transaction, 'database', severity, facts, { event, ...data })
}

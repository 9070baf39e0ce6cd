import { oppositeRole } from '../../protocol/role.ts'
import type { DialerChange } from '../machine/dialer-effect.ts'
import type { Plan } from '../machine/dialer-state.ts'
import type { StoreTransaction, TallyRecord } from '../ports/store.ts'
import { requestHashOf } from './contact-message.ts'
import { removalOrder } from './dialer-databases.ts'
import type { DialerDesk } from './dialer-desk.ts'

type ChangeOf<Type extends DialerChange['type']> = Extract<DialerChange, { type: Type }>

/** What a transition writes beside itself. */
export function applyDialerChange(
  desk: DialerDesk,
  linkHash: string,
  change: DialerChange,
  transaction: StoreTransaction,
): void {
  const { plan } = change
  switch (change.type) {
    case 'beginAttempt':
      return begin(desk, linkHash, plan, transaction)
    case 'intendBuild':
      // It is about to be built again.
      transaction.settleRemoval(change.approval.tallyId)
      return note(desk, transaction, plan, 'building', { tallyId: change.approval.tallyId })
    case 'keepTally':
      return keep(desk, change, transaction)
    case 'confirmTally':
      transaction.confirmTally(change.tallyId)
      transaction.setAttempt(plan.attemptId, 'confirmed', change.tallyId)
      return note(desk, transaction, plan, 'confirmed', { tallyId: change.tallyId })
    case 'discardTally':
      transaction.discardTally(change.tallyId)
      transaction.setAttempt(plan.attemptId, 'ended')
      return note(desk, transaction, plan, 'discarded', { tallyId: change.tallyId })
    case 'oweRemoval': {
      const order = removalOrder(plan, change.tallyId, change.reason)
      return transaction.oweRemoval(order, desk.ports.clock.now())
    }
    case 'endAttempt':
      return transaction.setAttempt(plan.attemptId, 'ended')
    default:
      return change satisfies never
  }
}

function begin(
  desk: DialerDesk,
  linkHash: string,
  plan: Plan,
  transaction: StoreTransaction,
): void {
  const { attemptId, bootstrapId, tokenId, inviter, role, identity, cadre, consented } = plan
  transaction.saveAttempt({
    attemptId,
    bootstrapId,
    linkHash,
    tokenId,
    inviter,
    role,
    requestHash: requestHashOf(plan),
    identity,
    cadre,
    ...(consented === undefined ? {} : { consented }),
    status: 'running',
    createdAt: desk.ports.clock.now(),
  })
}

function keep(
  desk: DialerDesk,
  change: ChangeOf<'keepTally'>,
  transaction: StoreTransaction,
): void {
  const { plan, approval, built, status } = change
  const { tallyId } = built.tally
  const tally: TallyRecord = {
    tallyId,
    role: oppositeRole(plan.role),
    partner: { peerId: plan.inviter, identity: approval.identity },
    built,
    status,
    redemptionId: approval.redemptionId,
    createdAt: approval.approvedAt,
  }
  transaction.keepTally(tally)
  transaction.setAttempt(plan.attemptId, status, tallyId)
  note(desk, transaction, plan, status === 'held' ? 'held' : 'stored', {
    tallyId,
    engine: built.database.engine,
    draft: built.draft.sha256,
  })
}

function note(
  desk: DialerDesk,
  transaction: StoreTransaction,
  plan: Plan,
  event: string,
  data: Readonly<Record<string, string>>,
): void {
  const facts = {
    id: desk.sessionId,
    peerId: plan.inviter,
    tokenId: plan.tokenId,
    redemptionId: plan.attemptId,
  }
  desk.audit.write(transaction, 'database', 'info', facts, { event, ...data })
}

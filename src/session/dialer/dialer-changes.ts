import { compact } from '../../protocol/base/compact.ts'
import type { DialerChange } from '../machine/dialer-effect.ts'
import type { Plan } from '../machine/dialer-state.ts'
import type { OfType } from '../machine/transition.ts'
import type { Attempt } from '../ports/attempt.ts'
import { answerTo } from '../ports/work.ts'
import type { Write } from '../ports/write.ts'
import type { PreparedChange } from '../run/session-machine.ts'
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

type Prepared = PreparedChange<DialerFound>

/** Puts one change of a transition into writes. */
export function prepareDialerChange(
  context: DialerContext,
  link: LinkKnown,
  change: DialerChange,
): Prepared {
  const { plan } = change
  const { attemptId } = plan
  switch (change.type) {
    case 'beginAttempt':
      return begin(context, link, plan)
    case 'intendBuild':
      return intendBuild(context, change)
    case 'keepTally':
      return keep(context, change)
    case 'confirmTally': {
      const { tallyId, signature } = change
      const write = compact({ op: 'confirmTally', attemptId, tallyId, signature })
      return only(write, note(context, plan, 'confirmed', { tallyId }))
    }
    case 'discardTally': {
      const { tallyId } = change
      const write = { op: 'discardTally', attemptId, tallyId } as const
      return only(write, note(context, plan, 'discarded', { tallyId }))
    }
    case 'oweRemoval': {
      const order = removalOrder(plan, change.tallyId, change.reason)
      return only({ op: 'oweRemoval', order, now: context.ports.clock.now() })
    }
    // Removes nothing: a side that kept its half has it as evidence.
    case 'withdrawTally': {
      const { tokenId } = plan
      const now = context.ports.clock.now()
      const facts = context.audit.facts(context)
      return only({ op: 'noteWithdrawn', attemptId, tokenId, now, facts })
    }
    case 'noteDenied':
      return denied(context, change)
    case 'endAttempt':
      return only({ op: 'endAttempt', attemptId })
    default:
      return change satisfies never
  }
}

function only(...writes: readonly Write[]): Prepared {
  return { writes }
}

/** Takes nothing back: the tally and its receipt are the evidence. */
function denied(
  { audit, ports, sessionId: id }: DialerContext,
  { plan, kept: { tallyId, redemptionId } }: OfType<DialerChange, 'noteDenied'>,
): Prepared {
  const { tokenId, inviter: peerId } = plan
  const at = ports.clock.now()
  const lost = { lostBy: 'inviter', redemptionId, tokenId, peerId, tallyId, at } as const
  const facts = { id, peerId, tokenId, redemptionId: plan.attemptId }
  const alarm = audit.record('security', 'alarm', facts, { event: 'tally.denied', tallyId })
  return only({ op: 'noteLoss', lost }, alarm)
}

/** Owes the removal of what is about to be built: whatever becomes of this session, it is kept in the end, or removed. */
function intendBuild(
  context: DialerContext,
  { plan, approval: { tallyId } }: OfType<DialerChange, 'intendBuild'>,
): Prepared {
  const { clock, config } = context.ports
  const now = clock.now()
  // Later than this session can last, and so later than it can keep the tally.
  const dueAt = now + config.sessionTimeoutMs
  const order = removalOrder(plan, tallyId, 'not finished')
  const writes = [
    { op: 'oweRemoval', order, now, dueAt },
    note(context, plan, 'building', { tallyId }),
  ] as const
  return {
    writes,
    found: (answers) => {
      const { claim } = answerTo('oweRemoval', writes, { answers })
      return compact({ removalClaim: claim })
    },
  }
}

function begin(context: DialerContext, { linkHash, after }: LinkKnown, plan: Plan): Prepared {
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
  return only({ op: 'beginAttempt', attempt, lease: leaseOf(context), after, now })
}

function keep(context: DialerContext, change: OfType<DialerChange, 'keepTally'>): Prepared {
  const { plan, approval, built, status } = change
  const { attemptId, tokenId } = plan
  const { removalClaim } = context.found
  const { tally, ...found } = signedTally(context, change)
  const write = compact({
    op: 'keepTally' as const,
    attemptId,
    tally,
    mustOwn: status === 'held' && built.tally.tallyId === approval.tallyId,
    // The claim that was seen before the build. No other comes while this session may build, see `claimRemoval`; one that
    // came later stands, whether its process lives or not: it may have removed what was built.
    voidClaim: isClaimed(context.ports, removalClaim) ? undefined : removalClaim,
    tokenId,
    known: plan.kept?.redemptionId,
    facts: context.audit.facts(context),
  })
  const writes = [write] as const
  return {
    writes,
    found: (answers) => {
      // The number of the answer that is kept, if there is one: it is told again as often as it takes.
      const { kept } = answerTo('keepTally', writes, { answers })
      const { receipt } = found
      return receipt === undefined
        ? found
        : { receipt: { ...receipt, ...compact({ opening: kept.receipt?.opening }) } }
    },
  }
}

function note(
  context: DialerContext,
  plan: Plan,
  event: string,
  data: Readonly<Record<string, string | boolean>>,
): Write {
  const facts = {
    id: context.sessionId,
    peerId: plan.inviter,
    tokenId: plan.tokenId,
    redemptionId: plan.attemptId,
  }
  return context.audit.record('database', 'info', facts, { event, ...data })
}

import { checkDraft, type DraftInput } from '../../protocol/draft/draft.ts'
import type { Approval, Offer } from '../../protocol/message/messages.ts'
import type { Plan } from '../machine/dialer-state.ts'
import { sameJson } from '../machine/offer-check.ts'

/** Makes the contents that the draft of an approved redemption must have, whoever builds it. */
export function approvedDraft(plan: Plan, approval: Approval, tallyId: string): DraftInput {
  const inviter = { partyId: plan.inviter, identity: approval.identity, cadre: approval.cadre }
  const invitee = { partyId: plan.localPeer, identity: plan.identity, cadre: plan.cadre }
  return {
    tallyId,
    createdAt: approval.approvedAt,
    createdBy: plan.role,
    stock: plan.role === 'stock' ? inviter : invitee,
    foil: plan.role === 'stock' ? invitee : inviter,
    terms: approval.terms,
  }
}

/** Tells what is wrong with an approval, if anything. Nothing is stored and nothing is built before this. */
export function responseProblem(
  plan: Plan,
  approval: Approval,
  offer: Offer | undefined,
): string | undefined {
  if (approval.partyId !== plan.inviter) return 'the party id is not the one in the link'
  if (approval.role !== plan.role) return 'the role is not the one in the link'
  const agreed = offer ?? plan.consented
  if (agreed !== undefined && !sameJson(agreed.terms, approval.terms)) {
    return 'the terms are not the ones that were offered'
  }
  return plan.role === 'stock' ? builtProblem(plan, approval) : delegationProblem(approval)
}

function builtProblem(plan: Plan, approval: Approval): string | undefined {
  const { built } = approval
  if (built === undefined) return 'the inviter should have built the database and did not'
  if (built.tally.createdBy !== plan.role) return 'createdBy is not the role in the link'
  if (built.tally.tallyId !== approval.tallyId) return 'two tally ids in one answer'
  const difference = checkDraft(built.draft, approvedDraft(plan, approval, built.tally.tallyId))
  return difference === undefined ? undefined : `the draft differs: ${difference}`
}

function delegationProblem(approval: Approval): string | undefined {
  return approval.built === undefined && approval.buildWithinMs !== undefined
    ? undefined
    : 'the inviter should have left the building to us and did not'
}

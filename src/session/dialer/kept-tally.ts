import { oppositeRole } from '../../protocol/base/role.ts'
import type { Approval, BuiltDatabase } from '../../protocol/message/messages.ts'
import type { Plan } from '../machine/dialer-state.ts'
import type { TallyRecord } from '../ports/tally.ts'

/** The tally as the invitee keeps it. */
export function keptTally(
  plan: Plan,
  approval: Approval,
  built: BuiltDatabase,
  status: 'held' | 'confirmed',
): TallyRecord {
  return {
    tallyId: built.tally.tallyId,
    role: oppositeRole(plan.role),
    partner: { peerId: plan.inviter, identity: approval.identity },
    built,
    status,
    redemptionId: approval.redemptionId,
    createdAt: approval.approvedAt,
  }
}

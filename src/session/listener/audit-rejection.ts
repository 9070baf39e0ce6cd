import type { ListenerState } from '../machine/listener-state.ts'
import type { StoreTransaction } from '../ports/store.ts'
import type { SessionAudit } from '../session-audit.ts'
import type { SessionFacts } from '../session-machine.ts'

/**
 * The token's life-cycle has a record of who was turned away, with the right secret and before a use was reserved:
 * also in an audit that holds no states.
 */
export function auditRejection(
  audit: SessionAudit,
  transaction: StoreTransaction,
  state: ListenerState,
  facts: SessionFacts,
): void {
  if (state.name !== 'FAILED' || state.tokenId === undefined || state.claim !== undefined) return
  const { reason } = state.failure
  // What the invitee itself did not want is recorded as that.
  if (reason === 'declined') return
  audit.write(transaction, 'token', 'notice', facts, { event: 'rejected', code: reason })
}

import { compact } from '../../protocol/base/compact.ts'
import type { DialerState } from '../machine/dialer-state.ts'
import type { SessionFacts } from '../run/session-machine.ts'

/** True once the attempt exists in the store: before the first dial. Whoever came too late to begin leaves no session. */
export function isDialerRecorded(state: DialerState): boolean {
  return state.name !== 'CREATED' && !('failure' in state && state.failure.step === 'CREATED')
}

/** The facts that `sessions` shows of this state. */
export function dialerFacts(state: DialerState): SessionFacts {
  const { plan } = state
  const base = compact({
    id: plan.sessionId,
    peerId: plan.inviter,
    role: plan.role,
    tokenId: plan.tokenId,
    redemptionId: plan.attemptId,
    retries: plan.retries,
    protocol: plan.protocol,
    state: state.name,
  })
  switch (state.name) {
    case 'CREATED':
    case 'CONNECTING':
    case 'SENDING_REQUEST':
    case 'AWAITING_RESPONSE':
      return base
    case 'VALIDATING_RESPONSE':
    case 'PROVISIONING_DB':
      return { ...base, tallyId: state.approval.tallyId }
    case 'ACKNOWLEDGING':
    case 'SENDING_RESULT':
    case 'AWAITING_RECEIPT':
    case 'COMPLETED':
      return { ...base, tallyId: state.built.tally.tallyId }
    case 'FAILED':
    case 'TIMEOUT': {
      const { reason, step, detail } = state.failure
      return compact({ ...base, reason, step, detail, tallyId: state.held?.tally.tallyId })
    }
    default:
      return state satisfies never
  }
}

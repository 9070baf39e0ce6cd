import type { Claim, Grant, ListenerState } from '../machine/listener-state.ts'
import type { OfName } from '../machine/transition.ts'
import type { SessionFacts } from '../run/session-machine.ts'

/** True from the moment the token was recognised: strangers leave no row behind. */
export function isRecorded(state: ListenerState): boolean {
  switch (state.name) {
    case 'CREATED':
    case 'READING_REQUEST':
    case 'VALIDATING_TOKEN':
      return false
    case 'COMPLETED':
    case 'FAILED':
    case 'TIMEOUT':
      return state.tokenId !== undefined
    default:
      return true
  }
}

/** What `sessions` shows of this state. */
export function listenerFacts(state: ListenerState, remoteAddress: string): SessionFacts {
  const base = {
    id: state.caller.sessionId,
    peerId: state.caller.peerId,
    state: state.name,
    remoteAddress,
  }
  switch (state.name) {
    case 'CREATED':
    case 'READING_REQUEST':
      return base
    case 'VALIDATING_TOKEN':
      return { ...base, tokenId: state.tokenId }
    case 'VALIDATING_IDENTITY':
    case 'PROVISIONING_DB':
      return { ...base, ...granted(state.grant), ...held(state.claim) }
    case 'SENDING_RESPONSE':
    case 'AWAITING_ACK':
      return {
        ...base,
        ...granted(state.grant),
        ...held(state.claim),
        tallyId: state.tallyId,
      }
    case 'COMPLETED':
      return { ...base, ...known(state), ...(state.only && { detail: DETAILS[state.only] }) }
    case 'FAILED':
    case 'TIMEOUT': {
      const { reason, step, detail } = state.failure
      return { ...base, ...known(state), reason, step, ...(detail === undefined ? {} : { detail }) }
    }
    default:
      return state satisfies never
  }
}

const DETAILS = {
  looked: 'looked at the offer',
  acknowledged: 'acknowledged an earlier answer',
} as const

function granted({ role, tokenId }: Grant) {
  return { role, tokenId }
}

function held({ redemptionId, fence, retries }: Claim) {
  return { redemptionId, fence, ...(retries === undefined ? {} : { retries }) }
}

function known(state: OfName<ListenerState, 'COMPLETED' | 'FAILED' | 'TIMEOUT'>) {
  return {
    ...(state.role === undefined ? {} : { role: state.role }),
    ...(state.tokenId === undefined ? {} : { tokenId: state.tokenId }),
    ...(state.claim === undefined ? {} : held(state.claim)),
    ...(state.tallyId === undefined ? {} : { tallyId: state.tallyId }),
  }
}

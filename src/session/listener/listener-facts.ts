import { compact } from '../../protocol/base/compact.ts'
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

/** The facts about its stream, which no state holds. */
interface StreamFacts {
  readonly remoteAddress?: string
  readonly protocol?: '1.0.0' | undefined
}

/** The facts that `sessions` shows of this state. */
export function listenerFacts(
  state: ListenerState,
  { remoteAddress = '', protocol }: StreamFacts,
): SessionFacts {
  const base = {
    id: state.caller.sessionId,
    peerId: state.caller.peerId,
    state: state.name,
    remoteAddress,
    ...(protocol === undefined ? undefined : { protocol }),
  }
  switch (state.name) {
    case 'CREATED':
    case 'READING_REQUEST':
      return base
    case 'VALIDATING_TOKEN':
      return { ...base, tokenId: state.tokenId }
    case 'ASKING_INVITER':
      return { ...base, ...granted(state.grant) }
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
      return compact({ ...base, ...known(state), reason, step, detail })
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
  return compact({ redemptionId, fence, retries })
}

function known(state: OfName<ListenerState, 'COMPLETED' | 'FAILED' | 'TIMEOUT'>) {
  const { role, tokenId, claim, tallyId } = state
  const redemptionId = state.name === 'COMPLETED' ? undefined : state.redemptionId
  return compact({ role, tokenId, redemptionId, ...(claim && held(claim)), tallyId })
}

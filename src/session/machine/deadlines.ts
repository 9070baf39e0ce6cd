import type { DialerStateName } from './dialer-state.ts'
import type { ListenerStateName } from './listener-state.ts'

/** How long things may take, in milliseconds. */
export interface Deadlines {
  readonly stepTimeoutMs: number
  readonly provisionTimeoutMs: number
  readonly sessionTimeoutMs: number
}

/** Milliseconds that a session may stay in this state; `undefined` in a final one. */
export function stepLimitMs(
  state: ListenerStateName | DialerStateName,
  deadlines: Deadlines,
): number | undefined {
  switch (state) {
    case 'COMPLETED':
    case 'FAILED':
    case 'TIMEOUT':
      return undefined
    case 'PROVISIONING_DB':
      return deadlines.provisionTimeoutMs
    // The other side builds or checks meanwhile, within its own time, and answers within a step.
    case 'AWAITING_ACK':
    case 'AWAITING_RESPONSE':
    case 'AWAITING_RECEIPT':
      return deadlines.provisionTimeoutMs + deadlines.stepTimeoutMs
    // The inviter has a step's time to check a token that is looked at, and the words have one to come and go.
    case 'SENDING_REQUEST':
      return 2 * deadlines.stepTimeoutMs
    // Addresses are tried beside each other, and a silent one takes nearly a step by itself: one deadline for all.
    case 'CONNECTING':
      return deadlines.sessionTimeoutMs
    case 'CREATED':
    case 'READING_REQUEST':
    case 'VALIDATING_TOKEN':
    case 'VALIDATING_IDENTITY':
    case 'ASKING_INVITER':
    case 'SENDING_RESPONSE':
    case 'VALIDATING_RESPONSE':
    case 'ACKNOWLEDGING':
    case 'SENDING_RESULT':
      return deadlines.stepTimeoutMs
    default:
      return state satisfies never
  }
}

/** True in COMPLETED, FAILED and TIMEOUT. */
export function isFinalState(state: ListenerStateName | DialerStateName): boolean {
  return state === 'COMPLETED' || state === 'FAILED' || state === 'TIMEOUT'
}

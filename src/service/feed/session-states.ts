import type { DialerStateName } from '../../session/machine/dialer-state.ts'
import type { ListenerStateName } from '../../session/machine/listener-state.ts'

export type SessionState = DialerStateName | ListenerStateName

/** Every state of either side, in words that follow "the session is". */
const STATES: Readonly<Record<SessionState, string>> = {
  CREATED: 'just begun',
  READING_REQUEST: 'reading the request',
  VALIDATING_TOKEN: 'checking the token',
  VALIDATING_IDENTITY: 'checking the identity',
  ASKING_INVITER: 'asking the inviter',
  CONNECTING: 'connecting',
  SENDING_REQUEST: 'sending the request',
  AWAITING_RESPONSE: 'awaiting the response',
  VALIDATING_RESPONSE: 'checking the response',
  PROVISIONING_DB: 'setting up the database',
  SENDING_RESPONSE: 'sending the response',
  ACKNOWLEDGING: 'acknowledging',
  SENDING_RESULT: 'sending the result',
  AWAITING_ACK: 'awaiting the result',
  AWAITING_RECEIPT: 'awaiting the receipt',
  COMPLETED: 'completed',
  FAILED: 'failed',
  TIMEOUT: 'timed out',
}

export const SESSION_STATES: readonly string[] = Object.keys(STATES)

/** The state in words; a state of another version as it is. */
export function stateInWords(state: string): string {
  return isSessionState(state) ? STATES[state] : state
}

/** Writes the states that a text names in words. */
export function statesInWords(text: string): string {
  return text.replace(/\b[A-Z]{2}[A-Z_]+\b/g, (name) => {
    return isSessionState(name) ? `"${STATES[name]}"` : name
  })
}

/** Whether it is a state of this version. */
export function isSessionState(state: string): state is SessionState {
  return Object.hasOwn(STATES, state)
}

import { awaitingAck, completed, provisioningDb, sendingResponse } from './listener-answer-rows.ts'
import { finalAnswers } from './listener-answers.ts'
import type { ListenerEvent } from './listener-event.ts'
import {
  askingInviter,
  created,
  readingRequest,
  validatingIdentity,
  validatingToken,
} from './listener-request-rows.ts'
import type { Failed, ListenerState, ListenerStateName, TimedOut } from './listener-state.ts'
import type { ListenerRow, ListenerTransition } from './rows.ts'

/** The inviter's machine: every state's answer to every event. */
export const LISTENER_TABLE: { readonly [Name in ListenerStateName]: ListenerRow<Name> } = {
  CREATED: created,
  READING_REQUEST: readingRequest,
  VALIDATING_TOKEN: validatingToken,
  VALIDATING_IDENTITY: validatingIdentity,
  ASKING_INVITER: askingInviter,
  PROVISIONING_DB: provisioningDb,
  SENDING_RESPONSE: sendingResponse,
  AWAITING_ACK: awaitingAck,
  COMPLETED: completed,
  FAILED: finalAnswers<Failed>(),
  TIMEOUT: finalAnswers<TimedOut>(),
}

/** `(state, event) → transition`. Pure; never throws. */
export function listenerStep(state: ListenerState, event: ListenerEvent): ListenerTransition {
  // The table's type pairs each state and event with a handler of just those; the compiler can't
  // follow the pairing through two lookups, so the pair is put together again here.
  const answer = LISTENER_TABLE[state.name][event.type] as (
    state: ListenerState,
    event: ListenerEvent,
  ) => ListenerTransition
  return answer(state, event)
}

/** The state of a session whose stream has just been admitted. */
export function listenerStart(sessionId: string, peerId: string): ListenerState {
  return { name: 'CREATED', caller: { sessionId, peerId } }
}

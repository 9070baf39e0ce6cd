import {
  crash,
  effectFailure,
  failSilently,
  failTelling,
  hookFailure,
  loseStream,
  park,
  supersede,
  timeOut,
  violation,
} from './listener-endings.ts'
import type { ListenerEvent } from './listener-event.ts'
import type { ListenerState } from './listener-state.ts'
import type { LiveListenerState } from './rows.ts'
import { ignore, type OfType } from './transition.ts'

/** The answers that hold in every live state unless its row says otherwise. */
export function liveAnswers<State extends LiveListenerState>() {
  return {
    ...finalAnswers<State>(),
    inspect: (state: State) => violation(state, 'Inspect'),
    contact: (state: State) => violation(state, 'InboundContact'),
    databaseResult: (state: State) => violation(state, 'DatabaseResult'),
    acknowledgment: (state: State) => violation(state, 'Acknowledgment'),
    decline: (state: State) => violation(state, 'Decline'),
    strayMessage: (state: State, event: OfType<ListenerEvent, 'strayMessage'>) =>
      violation(state, event.message),
    frameRejected: (state: State, event: OfType<ListenerEvent, 'frameRejected'>) =>
      failTelling(state, { code: 'protocol_violation', reason: event.problem }, 'malformed_frame'),
    streamClosed: loseStream,
    sendFailed: (state: State) => failSilently(state, 'stream_lost'),
    hookFailed: hookFailure,
    effectFailed: effectFailure,
    superseded: supersede,
    stepDeadline: (state: State) => timeOut(state, 'step_deadline'),
    sessionDeadline: (state: State) => timeOut(state, 'session_deadline'),
    crashed: crash,
    cancelled: (state: State, event: OfType<ListenerEvent, 'cancelled'>) =>
      failTelling(state, event.denial, 'cancelled'),
    parked: (state: State, event: OfType<ListenerEvent, 'parked'>) => park(state, event.denial),
  }
}

/** The answers of a final state: it stays as it is. */
export function finalAnswers<State extends ListenerState>() {
  return {
    ...unheard<State>(),
    offerReady: ignore<State>,
    tokenRefused: ignore<State>,
    useHeld: ignore<State>,
    tokenReserved: ignore<State>,
    approvalNeeded: ignore<State>,
    requestKept: ignore<State>,
    tokenReplayed: ignore<State>,
    declineRecognised: ignore<State>,
    identityAccepted: ignore<State>,
    identityRefused: ignore<State>,
    provisioned: ignore<State>,
    provisionRefused: ignore<State>,
    delegated: ignore<State>,
    databaseAccepted: ignore<State>,
    databaseReplayed: ignore<State>,
    databaseRefused: ignore<State>,
    databaseContradicted: ignore<State>,
    acknowledgmentVerified: ignore<State>,
    acknowledgmentForged: ignore<State>,
    sent: ignore<State>,
    sendFailed: ignore<State>,
    hookFailed: ignore<State>,
    effectFailed: ignore<State>,
    approvalVoid: ignore<State>,
    superseded: ignore<State>,
    stepDeadline: ignore<State>,
    sessionDeadline: ignore<State>,
    crashed: ignore<State>,
    cancelled: ignore<State>,
    parked: ignore<State>,
  }
}

/** The answers to what the peer says, where nobody listens any more. */
function unheard<State extends ListenerState>() {
  return {
    opened: ignore<State>,
    inspect: ignore<State>,
    contact: ignore<State>,
    databaseResult: ignore<State>,
    acknowledgment: ignore<State>,
    decline: ignore<State>,
    strayMessage: ignore<State>,
    frameRejected: ignore<State>,
    streamEnded: ignore<State>,
    streamClosed: ignore<State>,
  }
}

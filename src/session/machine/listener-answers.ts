import {
  crash,
  effectFailure,
  failSilently,
  failTelling,
  hookFailure,
  park,
  supersede,
  timeOut,
  violation,
} from './listener-endings.ts'
import type { EventOf, LiveState } from './listener-row.ts'
import type { ListenerState } from './listener-state.ts'
import { ignore } from './transition.ts'

/** Results of what only a state that has them checked waits for. */
function unasked<State extends ListenerState>() {
  return { acknowledgmentVerified: ignore<State>, acknowledgmentForged: ignore<State> }
}

/** The answers that hold in every live state unless its row says otherwise. */
export function liveAnswers<State extends LiveState>() {
  return {
    opened: ignore<State>,
    inspect: (state: State) => violation(state, 'Inspect'),
    contact: (state: State) => violation(state, 'InboundContact'),
    databaseResult: (state: State) => violation(state, 'DatabaseResult'),
    acknowledgment: (state: State) => violation(state, 'Acknowledgment'),
    decline: (state: State) => violation(state, 'Decline'),
    strayMessage: (state: State, event: EventOf<'strayMessage'>) => violation(state, event.message),
    frameRejected: (state: State, event: EventOf<'frameRejected'>) =>
      failTelling(state, { code: 'protocol_violation', reason: event.problem }, 'malformed_frame'),
    streamEnded: ignore<State>,
    streamClosed: (state: State) => failSilently(state, 'stream_lost'),
    offerReady: ignore<State>,
    tokenRefused: ignore<State>,
    useHeld: ignore<State>,
    tokenReserved: ignore<State>,
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
    ...unasked<State>(),
    sent: ignore<State>,
    sendFailed: (state: State) => failSilently(state, 'stream_lost'),
    hookFailed: hookFailure,
    effectFailed: effectFailure,
    approvalVoid: ignore<State>,
    superseded: supersede,
    stepDeadline: (state: State) => timeOut(state, 'step_deadline'),
    sessionDeadline: (state: State) => timeOut(state, 'session_deadline'),
    crashed: crash,
    cancelled: (state: State, event: EventOf<'cancelled'>) =>
      failTelling(state, event.denial, 'cancelled'),
    parked: (state: State, event: EventOf<'parked'>) => park(state, event.denial),
  }
}

/** The answers of a final state: it stays what it is. */
export function finalAnswers<State extends ListenerState>() {
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
    offerReady: ignore<State>,
    tokenRefused: ignore<State>,
    useHeld: ignore<State>,
    tokenReserved: ignore<State>,
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
    ...unasked<State>(),
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
